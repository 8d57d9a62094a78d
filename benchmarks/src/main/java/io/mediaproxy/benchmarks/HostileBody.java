package io.mediaproxy.benchmarks;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Bodies of an attacker: as long as the limit allows, and full of a construct that might cost the reader more than its
 * bytes. Each is a beginning and a piece that is repeated, cut at the limit.
 */
public enum HostileBody {
    MEDIA_LINES(Text.SESSION, "m=audio 5000 RTP/AVP 0\r\n"),
    /** The maximum number of streams, each with every possible edit; lines to check fill the rest. */
    FULL_STREAMS(Text.SESSION + Text.STREAMS, "a=candidate:1 2 udp\n"),
    CANDIDATES(Text.STREAM, "a=candidate:1 2\n"),
    /** Without a port, so that each line is checked again. */
    EMPTY_RTCP(Text.STREAM, "a=rtcp:\n"),
    RTCP(Text.STREAM, "a=rtcp:5001 IN IP4 10.0.0.1\n"),
    CONNECTIONS(Text.STREAM, "c=IN IP4 10.0.0.1\n"),
    /** Eight letters, but none of the four directions. */
    ALMOST_DIRECTIONS(Text.STREAM, "a=sendnone\n"),
    SHORT_ATTRIBUTES(Text.STREAM, "a=r\n"),
    /** Lines of the maximum length, each one long token. */
    LONG_TOKENS(Text.STREAM, "a=candidate:" + "x".repeat(8 * 1024 - 12) + "\n"),
    LONG_BLANKS(Text.STREAM, "a=rtcp:" + " ".repeat(8 * 1024 - 7) + "\n"),
    ENDLESS_LINE(Text.SESSION, "a=x"),
    LINE_FEEDS("", "\n"),
    SESSION_OF_LINE_FEEDS(Text.STREAM, "\n"),
    LINE_ENDS("", "\r\n"),
    SESSION_OF_LINE_ENDS(Text.STREAM, "\r\n"),
    TINY_PARTS(Text.MULTIPART, "", "--b\n\n\n"),
    TYPED_PARTS(Text.MULTIPART, "", "--b\nContent-Type:a\n\n"),
    /** Almost the delimiter, which has the maximum length. */
    DELIMITER_LOOKALIKES(Text.MULTIPART_LONG, "", "-".repeat(72) + "x\n"),
    /** The delimiter, then blanks and one wrong letter. */
    BLANKS_BEHIND_DELIMITERS(Text.MULTIPART, "", "--b" + " ".repeat(60) + "x\n"),
    HEADER_FIELDS(Text.MULTIPART, "", "--b\n" + "a:\n".repeat(1300) + "Content-Type:a\n\n"),
    /** The right type in an unsupported encoding: the reader searches two fields in each part. */
    ENCODED_PARTS(
            Text.MULTIPART,
            "",
            "--b\n" + "a:\n".repeat(1300) + "Content-Type:application/sdp\nContent-Transfer-Encoding:base64\n\n"),
    NESTED_PARTS(Text.MULTIPART, "", "--b\nContent-Type:multipart/mixed;boundary=c\n\n--c\n\n\n--c\n\n\n");

    /** The default limit of a body. */
    static final int BYTES = 64 * 1024;

    private final String contentType;
    private final String beginning;
    private final String piece;

    HostileBody(String beginning, String piece) {
        this("application/sdp", beginning, piece);
    }

    HostileBody(String contentType, String beginning, String piece) {
        this.contentType = contentType;
        this.beginning = beginning;
        this.piece = piece;
    }

    String contentType() {
        return contentType;
    }

    /** Returns the body in a new array. */
    byte[] bytes() {
        byte[] body = Arrays.copyOf(beginning.getBytes(StandardCharsets.US_ASCII), BYTES);
        byte[] repeated = piece.getBytes(StandardCharsets.US_ASCII);
        for (int pos = beginning.length(); pos < BYTES; pos += repeated.length) {
            System.arraycopy(repeated, 0, body, pos, Math.min(repeated.length, BYTES - pos));
        }
        return body;
    }

    /** Beginnings. The values of an enum cannot use its constants, but those of a nested class. */
    private static final class Text {
        static final String SESSION = lines("v=0", "o=- 1 1 IN IP4 1.1.1.1", "s=-", "t=0 0", "c=IN IP4 1.1.1.1");
        static final String STREAM = SESSION + lines("m=audio 5000 RTP/AVP 0", "a=ice-ufrag:a", "a=ice-pwd:b");
        /** The unsupported stream makes the rewriter move the address of the session to the streams. */
        static final String STREAMS = lines("m=application 9 TCP *") + stream().repeat(31);

        static final String MULTIPART = "multipart/mixed;boundary=b";
        static final String MULTIPART_LONG = "multipart/mixed;boundary=" + "-".repeat(70);

        private Text() {}

        /** A stream with every edit. As c= follows a=rtcp, the edits have to be sorted. */
        private static String stream() {
            return lines(
                    "m=audio 5000 RTP/AVP 0",
                    "a=ice-ufrag:a",
                    "a=ice-pwd:b",
                    "a=rtcp:5001 IN IP4 1.1.1.1",
                    "c=IN IP4 1.1.1.1",
                    "a=candidate:1 2 udp");
        }

        private static String lines(String... lines) {
            return String.join("\r\n", lines) + "\r\n";
        }
    }
}
