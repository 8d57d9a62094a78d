package io.mediaproxy.benchmarks;

import java.nio.charset.StandardCharsets;

/** Regular bodies of any size: a beginning, a piece that is repeated, and one attribute that fills the rest. */
public enum SizedBody {
    MORE_STREAMS(
            session(),
            "m=audio 5000 RTP/AVP 0 8 101\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\na=rtcp:5001\r\n"
                    + "a=sendrecv\r\n"),
    MORE_CANDIDATES(
            session() + "m=audio 5000 UDP/TLS/RTP/SAVPF 111\r\na=ice-ufrag:Oyef\r\na=ice-pwd:T0teqPLNQQOf\r\n",
            "a=candidate:1467709640 1 udp 2122260223 192.168.1.34 46243 typ host generation 0\r\n");

    /** No body here has more streams. */
    static final int STREAMS = 1024;

    private static final String FILL = "a=x-fill:";
    private static final String LINE_END = "\r\n";

    private final String beginning;
    private final String piece;

    SizedBody(String beginning, String piece) {
        this.beginning = beginning;
        this.piece = piece;
    }

    /** Returns a new array of at least 256 bytes. */
    byte[] bytes(int size) {
        StringBuilder body = new StringBuilder(size).append(beginning);
        int least = FILL.length() + LINE_END.length();
        while (body.length() + piece.length() + least <= size) {
            body.append(piece);
        }
        int fill = size - body.length() - least;
        body.append(FILL).append("x".repeat(fill)).append(LINE_END);
        return body.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static String session() {
        return "v=0\r\no=- 4611731400430051336 2 IN IP4 10.0.0.1\r\ns=-\r\nc=IN IP4 10.0.0.1\r\nt=0 0\r\n";
    }
}
