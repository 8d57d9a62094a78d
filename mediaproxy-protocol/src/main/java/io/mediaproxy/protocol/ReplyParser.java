package io.mediaproxy.protocol;

import io.mediaproxy.protocol.log.Excerpt;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads one reply line, in whatever pieces its bytes arrive. Not thread-safe.
 *
 * <pre>
 *   reply    = *WS ( endpoint / "None" / "removed" / "error" ) *WS CR LF
 *   endpoint = IPv4 1*( 1*WS port )
 *   WS       = SP / TAB           ; Tolerated: more than the one space that the relay writes
 * </pre>
 *
 * <p>The parser collects bytes until the line ends. A line without end after {@value #MAX_REPLY_BYTES} bytes is
 * refused; a reply with 32 streams has 210.
 */
final class ReplyParser {
    static final int MAX_REPLY_BYTES = 1024;

    /** Replies that are one fixed word. */
    private static final List<Word> WORDS = List.of(
            new Word("None", new DispatcherReply.None()),
            new Word("removed", new DispatcherReply.Removed()),
            new Word("error", new DispatcherReply.Error()));

    private static final int MAX_PORT_DIGITS = 5;

    private final byte[] line = new byte[MAX_REPLY_BYTES];
    private int length;
    private boolean ended;

    /**
     * Consumes bytes up to the end of the line, and leaves the rest in the buffer.
     *
     * @return the reply, or null until its line has ended
     */
    @Nullable DispatcherReply parse(ByteBuffer buffer) throws MalformedReplyException {
        if (ended) {
            length = 0;
            ended = false;
        }
        while (buffer.hasRemaining()) {
            if (length == MAX_REPLY_BYTES) {
                throw malformed("no line end within " + MAX_REPLY_BYTES + " bytes");
            }
            byte b = buffer.get();
            line[length++] = b;
            if (b == '\n') {
                return reply();
            }
        }
        return null;
    }

    /** Returns the bytes collected so far, for error messages. */
    String excerpt() {
        return Excerpt.of(line, length);
    }

    private DispatcherReply reply() throws MalformedReplyException {
        int end = length - 2;
        if (end < 0 || line[end] != '\r') {
            throw malformed("line ends in LF without CR");
        }
        for (int i = 0; i < end; i++) {
            if (line[i] != '\t' && (line[i] < ' ' || line[i] > '~')) {
                throw malformed("byte outside printable ASCII at " + i);
            }
        }
        ended = true;
        return reply(end);
    }

    private DispatcherReply reply(int end) throws MalformedReplyException {
        int start = skipSpace(0, end);
        int endOfFirst = skipToken(start, end);
        int rest = skipSpace(endOfFirst, end);
        if (start < end && Ipv4.isDigit((char) line[start])) {
            String address = new String(line, start, endOfFirst - start, StandardCharsets.US_ASCII);
            if (!Ipv4.isLiteral(address)) {
                throw malformed("not an IPv4 address");
            }
            return new DispatcherReply.Endpoints(address, ports(rest, end));
        }
        if (rest == end) {
            for (Word word : WORDS) {
                if (word.matches(line, start, endOfFirst)) {
                    return word.reply;
                }
            }
        }
        throw malformed("neither endpoints nor None, removed or error");
    }

    private List<Integer> ports(int start, int end) throws MalformedReplyException {
        if (start == end) {
            throw malformed("relay address without a port");
        }
        Integer[] ports = new Integer[countTokens(start, end)];
        int pos = start;
        for (int i = 0; i < ports.length; i++) {
            int endOfPort = skipToken(pos, end);
            ports[i] = port(pos, endOfPort);
            pos = skipSpace(endOfPort, end);
        }
        return List.of(ports);
    }

    private int countTokens(int start, int end) {
        int count = 0;
        for (int pos = start; pos < end; pos = skipSpace(skipToken(pos, end), end)) {
            count++;
        }
        return count;
    }

    private int port(int start, int end) throws MalformedReplyException {
        int port = end - start > MAX_PORT_DIGITS ? -1 : 0;
        for (int i = start; i < end && port >= 0; i++) {
            char c = (char) line[i];
            port = Ipv4.isDigit(c) ? port * 10 + (c - '0') : -1;
        }
        if (port < 0 || port > MediaStream.MAX_PORT) {
            throw malformed("port is not 0 to " + MediaStream.MAX_PORT);
        }
        return port;
    }

    private int skipSpace(int start, int end) {
        int pos = start;
        while (pos < end && isSpace(line[pos])) {
            pos++;
        }
        return pos;
    }

    private int skipToken(int start, int end) {
        int pos = start;
        while (pos < end && !isSpace(line[pos])) {
            pos++;
        }
        return pos;
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\t';
    }

    private MalformedReplyException malformed(String reason) {
        return new MalformedReplyException(reason, excerpt());
    }

    private static final class Word {
        private final byte[] bytes;
        private final DispatcherReply reply;

        Word(String text, DispatcherReply reply) {
            this.bytes = text.getBytes(StandardCharsets.US_ASCII);
            this.reply = reply;
        }

        boolean matches(byte[] in, int start, int end) {
            return Arrays.equals(in, start, end, bytes, 0, bytes.length);
        }
    }
}
