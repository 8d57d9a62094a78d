package io.mediaproxy.session;

import io.mediaproxy.session.sip.RawSipMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Sends a server the messages of whole calls, with hold and with video and ICE, so that the code for them is loaded and
 * compiled. Not thread-safe.
 */
final class Rehearsal {
    /** By then the compiler has seen everything often enough. */
    static final int CALLS = 5000;

    private static final String AUDIO = """
            m=audio 49170 RTP/AVP 0 8 101
            a=rtpmap:0 PCMU/8000
            a=rtpmap:101 telephone-event/8000
            a=ptime:20
            """;
    private static final String AUDIO_AND_VIDEO = """
            m=audio 49170 RTP/AVP 0 96
            a=rtcp:49171
            a=ice-ufrag:8hhY
            a=ice-pwd:asd88fgpdd777uzjYhagZg
            a=candidate:1 1 UDP 2130706431 10.0.1.1 49170 typ host
            m=video 49180 RTP/AVP 97
            c=IN IP4 10.0.1.1
            a=rtpmap:97 H264/90000
            """;

    private final Consumer<byte[]> server;

    /** @param server gets each message as one datagram */
    Rehearsal(Consumer<byte[]> server) {
        this.server = server;
    }

    /** A server that reads and writes the messages without a stack. */
    static Consumer<byte[]> withoutStack(MediaProxy mediaProxy) {
        return datagram -> {
            RawSipMessage message = RawSipMessage.parse(datagram, "192.0.2.2");
            MediaProxyResult result = mediaProxy.engagedCalls().follow(message);
            if (result.outcome() == Outcome.NOT_ENGAGED) {
                result = mediaProxy.engageMediaProxy(message);
            }
            result.body().ifPresent(message::withBody);
        };
    }

    void play(Duration limit) {
        long begin = System.nanoTime();
        for (int i = 0; i < CALLS && System.nanoTime() - begin < limit.toNanos(); i++) {
            play("rehearsal-" + i, i % 4 == 3 ? AUDIO_AND_VIDEO : AUDIO);
        }
    }

    private void play(String callId, String media) {
        send(request("INVITE", callId, 1, "", sdp(media, "sendrecv")));
        send(response(180, callId, 1, ""));
        send(response(200, callId, 1, sdp(media, "sendrecv")));
        send(request("ACK", callId, 1, ";tag=b", ""));
        send(request("INVITE", callId, 2, ";tag=b", sdp(media, "sendonly")));
        send(response(200, callId, 2, sdp(media, "recvonly")));
        send(request("ACK", callId, 2, ";tag=b", ""));
        send(request("BYE", callId, 3, ";tag=b", ""));
    }

    private void send(String message) {
        server.accept(message.getBytes(StandardCharsets.US_ASCII));
    }

    private static String request(String method, String callId, int cseq, String toTag, String body) {
        return method + " sip:bob@192.0.2.3 SIP/2.0\r\n" + head(method, callId, cseq, toTag, body);
    }

    private static String response(int status, String callId, int cseq, String body) {
        return "SIP/2.0 " + status + " OK\r\n" + head("INVITE", callId, cseq, ";tag=b", body);
    }

    private static String head(String method, String callId, int cseq, String toTag, String body) {
        return "Via: SIP/2.0/UDP 192.0.2.2:5060;branch=z9hG4bK-" + callId + cseq + ";rport\r\nMax-Forwards: 70\r\n"
                + "From: \"Alice\" <sip:alice@192.0.2.2>;tag=a\r\nTo: <sip:bob@192.0.2.3>" + toTag + "\r\nCall-ID: "
                + callId + "\r\nCSeq: " + cseq + ' ' + method
                + "\r\nContact: <sip:alice@192.0.2.2:5060>\r\nUser-Agent: phone\r\n"
                + (body.isEmpty() ? "" : "Content-Type: application/sdp\r\n") + "Content-Length: " + body.length()
                + "\r\n\r\n" + body;
    }

    private static String sdp(String media, String direction) {
        String session = "v=0\no=alice 1 1 IN IP4 10.0.1.1\ns=-\nc=IN IP4 10.0.1.1\nt=0 0\n";
        return (session + media + "a=" + direction + '\n').replace("\n", "\r\n");
    }
}
