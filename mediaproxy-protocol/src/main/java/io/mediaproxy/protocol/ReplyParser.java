package io.mediaproxy.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads one reply line, however its bytes are split.
 *
 * <pre>
 *   reply    = *WS ( endpoint / "None" / "removed" / "error" ) *WS CR LF
 *   endpoint = IPv4 1*( 1*WS port )
 *   WS       = SP / TAB           ; Tolerated: more than the one space that the relay writes
 * </pre>
 *
 * <p>Bytes are only collected until the line ends; a line that has not ended after {@value #MAX_REPLY_BYTES} bytes is refused (32
 * streams take 210).
 */
final class ReplyParser {
    static final int MAX_REPLY_BYTES = 1024;

    private static final DispatcherReply NONE = new DispatcherReply.None();
    private static final DispatcherReply REMOVED = new DispatcherReply.Removed();
    private static final DispatcherReply ERROR = new DispatcherReply.Error();

    private static final int MAX_PORT_DIGITS = 5;

    private final byte[] line = new byte[MAX_REPLY_BYTES];
    private int length;
    private boolean ended;

    /**
     * Takes bytes up to the end of the line, and leaves the rest in the buffer.
     *
     * @return the reply, or null while its line has not ended
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

    /** What has been collected, for error messages. */
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
        return reply(new String(line, 0, end, StandardCharsets.US_ASCII));
    }

    private DispatcherReply reply(String text) throws MalformedReplyException {
        int start = skipSpace(text, 0);
        int end = skipToken(text, start);
        String first = text.substring(start, end);
        int rest = skipSpace(text, end);
        if (Ipv4.isLiteral(first)) {
            return new DispatcherReply.Endpoints(first, ports(text, rest));
        }
        if (rest < text.length()) {
            throw malformed("not the address of a relay and its ports");
        }
        return switch (first) {
            case "None" -> NONE;
            case "removed" -> REMOVED;
            case "error" -> ERROR;
            default -> throw malformed("neither endpoints nor None, removed or error");
        };
    }

    private List<Integer> ports(String text, int start) throws MalformedReplyException {
        List<Integer> ports = new ArrayList<>();
        int pos = start;
        while (pos < text.length()) {
            int end = skipToken(text, pos);
            ports.add(port(text, pos, end));
            pos = skipSpace(text, end);
        }
        if (ports.isEmpty()) {
            throw malformed("relay address without a port");
        }
        return ports;
    }

    private int port(String text, int start, int end) throws MalformedReplyException {
        int port = end - start > MAX_PORT_DIGITS ? -1 : 0;
        for (int i = start; i < end && port >= 0; i++) {
            char c = text.charAt(i);
            port = Ipv4.isDigit(c) ? port * 10 + (c - '0') : -1;
        }
        if (port < 0 || port > MediaStream.MAX_PORT) {
            throw malformed("port is not 0 to " + MediaStream.MAX_PORT);
        }
        return port;
    }

    private static int skipSpace(String text, int start) {
        int pos = start;
        while (pos < text.length() && isSpace(text.charAt(pos))) {
            pos++;
        }
        return pos;
    }

    private static int skipToken(String text, int start) {
        int pos = start;
        while (pos < text.length() && !isSpace(text.charAt(pos))) {
            pos++;
        }
        return pos;
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t';
    }

    private MalformedReplyException malformed(String reason) {
        return new MalformedReplyException(reason, excerpt());
    }
}
