package io.mediaproxy.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Reads the dispatcher's replies, split at every byte, and compares them with the grammar as an expression. */
class ReplyFuzzTest {
    private static final String OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
    private static final String PORT = "(?:[0-5]?[0-9]{1,4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])";
    private static final Pattern REPLY = Pattern.compile("[ \t]*(?:None|removed|error|" + OCTET + "(?:\\." + OCTET
            + "){3}(?:[ \t]+" + PORT + ")+)[ \t]*\r\n");

    /** Splits of longer input would take a time that grows with the square of its length. */
    private static final int MAX_SPLITS = 400;

    static Stream<byte[]> replies() {
        return Stream.of(
                        "81.23.228.129 50000 50004\r\n",
                        "127.0.0.1 0\r\nNone\r\n",
                        "255.255.255.255 65535\r\nremoved\r\nerror\r\n",
                        "  1.2.3.4   40000\t40002 \r\n\terror \r\n",
                        "1.2.3.4" + " 40002".repeat(32) + "\r\n",
                        "1.2.3.256 1\r\n",
                        "1.2.3.4 65536\r\n",
                        "None\n",
                        "\r\n",
                        "x".repeat(ReplyParser.MAX_REPLY_BYTES + 1))
                .map(reply -> reply.getBytes(ISO_8859_1));
    }

    @MethodSource("replies")
    @FuzzTest
    void shouldReadTheSameAtEverySplit(byte[] input) {
        List<String> expected = read(input, input.length);
        int splits = Math.min(input.length, MAX_SPLITS);
        for (int split = 0; split < splits; split++) {
            assertThat(read(input, split)).isEqualTo(expected);
        }
        for (int size = 1; size < Math.min(4, input.length); size++) {
            assertThat(readInPieces(input, size)).isEqualTo(expected);
        }
    }

    /** Reads the input in two pieces. */
    private static List<String> read(byte[] input, int split) {
        List<String> outcomes = new ArrayList<>();
        ReplyParser parser = new ReplyParser();
        List<Byte> line = new ArrayList<>();
        if (read(parser, ByteBuffer.wrap(input, 0, split), outcomes, line)) {
            read(parser, ByteBuffer.wrap(input, split, input.length - split), outcomes, line);
        }
        return outcomes;
    }

    private static List<String> readInPieces(byte[] input, int size) {
        List<String> outcomes = new ArrayList<>();
        ReplyParser parser = new ReplyParser();
        List<Byte> line = new ArrayList<>();
        boolean valid = true;
        for (int pos = 0; pos < input.length && valid; pos += size) {
            valid = read(parser, ByteBuffer.wrap(input, pos, Math.min(size, input.length - pos)), outcomes, line);
        }
        return outcomes;
    }

    /** Returns false after a malformed reply, with which the client closes the connection. */
    private static boolean read(ReplyParser parser, ByteBuffer bytes, List<String> outcomes, List<Byte> line) {
        try {
            while (bytes.hasRemaining()) {
                int start = bytes.position();
                DispatcherReply reply = parser.parse(bytes);
                for (int i = start; i < bytes.position(); i++) {
                    line.add(bytes.get(i));
                }
                if (reply != null) {
                    outcomes.add(reply.toString());
                    assertThat(text(line)).matches(REPLY);
                    line.clear();
                }
            }
            return true;
        } catch (MalformedReplyException e) {
            outcomes.add("malformed: " + e.getMessage());
            assertThat(e.getMessage()).matches("[ -~]+");
            return false;
        }
    }

    private static String text(List<Byte> line) {
        StringBuilder text = new StringBuilder();
        line.forEach(b -> text.append((char) (b & 0xff)));
        return text.toString();
    }
}
