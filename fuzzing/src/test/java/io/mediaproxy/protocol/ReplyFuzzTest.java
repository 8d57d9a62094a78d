package io.mediaproxy.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Reads the dispatcher's replies, split at every byte, and compares them with the grammar as an expression. */
class ReplyFuzzTest {
    private static final String OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
    private static final String PORT = "(?:[0-5]?[0-9]{1,4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])";
    private static final Pattern REPLY = Pattern.compile(
            "[ \t]*(?:None|removed|error|" + OCTET + "(?:\\." + OCTET + "){3}(?:[ \t]+" + PORT + ")+)[ \t]*\r\n");

    private static final String MALFORMED = "malformed";

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
    void shouldReadWhatTheGrammarAllowsAtEverySplit(byte[] input) {
        String expected = byExpression(new String(input, ISO_8859_1));
        for (int split = 0; split < Math.min(input.length, MAX_SPLITS); split++) {
            isSame(read(input, split, input.length), expected);
        }
        for (int size = 1; size < Math.min(4, input.length); size++) {
            isSame(read(input, 0, size), expected);
        }
    }

    private static void isSame(String actual, String expected) {
        if (!actual.equals(expected)) { // hundreds of times for one input
            assertThat(actual).isEqualTo(expected);
        }
    }

    private static String byExpression(String input) {
        StringBuilder replies = new StringBuilder();
        for (String line : input.split("(?<=\n)", -1)) {
            if (line.length() > ReplyParser.MAX_REPLY_BYTES
                    || (line.endsWith("\n") && !REPLY.matcher(line).matches())) {
                return replies.append(MALFORMED).toString();
            }
            if (line.endsWith("\n")) {
                replies.append(line.strip().replaceAll("[ \t]+0*(?=[0-9])", " "))
                        .append('\n');
            }
        }
        return replies.toString();
    }

    /** Reads a first piece, and then pieces of another size. */
    private static String read(byte[] input, int first, int size) {
        StringBuilder replies = new StringBuilder();
        ReplyParser parser = new ReplyParser();
        try {
            take(parser, ByteBuffer.wrap(input, 0, first), replies);
            for (int pos = first; pos < input.length; pos += size) {
                take(parser, ByteBuffer.wrap(input, pos, Math.min(size, input.length - pos)), replies);
            }
        } catch (MalformedReplyException e) { // after which the client closes the connection
            replies.append(MALFORMED);
        }
        return replies.toString();
    }

    private static void take(ReplyParser parser, ByteBuffer bytes, StringBuilder replies)
            throws MalformedReplyException {
        while (bytes.hasRemaining()) {
            DispatcherReply reply = parser.parse(bytes);
            if (reply instanceof DispatcherReply.Endpoints endpoints) {
                replies.append(endpoints.address());
                endpoints.ports().forEach(port -> replies.append(' ').append(port));
                replies.append('\n');
            } else if (reply != null) {
                String name = reply.getClass().getSimpleName();
                replies.append(reply instanceof DispatcherReply.None ? name : name.toLowerCase(Locale.ROOT))
                        .append('\n');
            }
        }
    }
}
