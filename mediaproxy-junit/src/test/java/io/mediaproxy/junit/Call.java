package io.mediaproxy.junit;

import io.mediaproxy.session.sip.RawSipMessage;
import java.nio.charset.StandardCharsets;

/** The messages of one call. */
record Call(String callId) {
    RawSipMessage invite() {
        return message("INVITE sip:bob@b.example SIP/2.0", "", "1 INVITE", sdp("10.0.0.1", 5012));
    }

    RawSipMessage ok() {
        return message("SIP/2.0 200 OK", ";tag=bob", "1 INVITE", sdp("10.0.0.2", 5014));
    }

    RawSipMessage bye() {
        return message("BYE sip:bob@b.example SIP/2.0", ";tag=bob", "2 BYE", "");
    }

    private static String sdp(String address, int port) {
        return "v=0\r\no=- 1 1 IN IP4 " + address + "\r\ns=-\r\nc=IN IP4 " + address + "\r\nt=0 0\r\nm=audio " + port
                + " RTP/AVP 0\r\n";
    }

    private RawSipMessage message(String startLine, String toTag, String cseq, String sdp) {
        String text = startLine + "\r\nFrom: <sip:alice@a.example>;tag=alice\r\nTo: <sip:bob@b.example>" + toTag
                + "\r\nCall-ID: " + callId + "\r\nCSeq: " + cseq
                + "\r\nContact: <sip:phone@127.0.0.1>\r\nContent-Type: application/sdp\r\nContent-Length: "
                + sdp.length() + "\r\n\r\n" + sdp;
        return RawSipMessage.parse(text.getBytes(StandardCharsets.UTF_8), "127.0.0.1");
    }
}
