package io.mediaproxy.session;

import io.mediaproxy.session.sip.RawSipMessage;
import java.nio.charset.StandardCharsets;

/** The messages of one call: alice calls bob, and both have private addresses. */
record Call(String callId) {
    static final String ALICE = "192.0.2.1";
    static final String BOB = "192.0.2.2";

    static final String AUDIO =
            "v=0\r\no=- 1 1 IN IP4 10.0.0.1\r\ns=-\r\nc=IN IP4 10.0.0.1\r\nt=0 0\r\nm=audio 5012 RTP/AVP 0\r\n";
    static final String AUDIO_VIDEO = AUDIO + "m=video 5014 RTP/AVP 34\r\n";

    RawSipMessage invite(String sdp) {
        return message("INVITE sip:bob@biloxi.example SIP/2.0", "", "1 INVITE", sdp, ALICE);
    }

    RawSipMessage reInvite(int cseq, String sdp) {
        return message("INVITE sip:bob@biloxi.example SIP/2.0", ";tag=bob", cseq + " INVITE", sdp, ALICE);
    }

    RawSipMessage response(int status, String sdp) {
        return response(status, "1 INVITE", sdp);
    }

    RawSipMessage response(int status, String cseq, String sdp) {
        return message("SIP/2.0 " + status + " X", ";tag=bob", cseq, sdp, BOB);
    }

    RawSipMessage bye() {
        return message("BYE sip:bob@biloxi.example SIP/2.0", ";tag=bob", "2 BYE", "", ALICE);
    }

    RawSipMessage cancel() {
        return message("CANCEL sip:bob@biloxi.example SIP/2.0", "", "1 CANCEL", "", ALICE);
    }

    private RawSipMessage message(String startLine, String toTag, String cseq, String sdp, String source) {
        String text =
                startLine + "\r\nFrom: <sip:alice@atlanta.example>;tag=alice\r\nTo: <sip:bob@biloxi.example>" + toTag
                        + "\r\nCall-ID: " + callId + "\r\nCSeq: " + cseq + "\r\nUser-Agent: Phone\r\n"
                        + (sdp.isEmpty() ? "" : "Content-Type: application/sdp\r\n")
                        + "Content-Length: " + sdp.length() + "\r\n\r\n" + sdp;
        return RawSipMessage.parse(text.getBytes(StandardCharsets.UTF_8), source);
    }
}
