package io.mediaproxy.embedded.dispatcher;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Reads commands from the bytes of one connection. Not thread-safe.
 *
 * <pre>
 * request = command CRLF *( name ": " value CRLF ) CRLF
 * </pre>
 *
 * Empty lines between commands are ignored. A line that ends in {@code ": "} is dropped: a header with an empty value
 * counts as absent, and so does one whose value ends in {@code ": "}.
 */
final class CommandReader {
    /** Maximum bytes of a request. The real dispatcher has no limit: a request without end fills its memory. */
    static final int MAX_REQUEST = 8 * 1024 * 1024;

    private final LineReader lines = new LineReader();
    private final CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();
    private final List<String> request = new ArrayList<>();
    private final StringBuilder received = new StringBuilder();
    private final Consumer<Command> commands;
    private int requestLength;

    CommandReader(Consumer<Command> commands) {
        this.commands = commands;
    }

    /**
     * Reads all bytes of a buffer, and passes on the commands that are complete.
     *
     * @return false if the bytes violate the protocol: a line is too long or no UTF-8, or the request is too large
     */
    boolean read(ByteBuffer chunk) {
        return lines.read(chunk, this::line);
    }

    private boolean line(byte[] bytes, int offset, int length) {
        if (length == 0) {
            if (!request.isEmpty()) {
                Command command = Command.parse(request, received.append("\r\n").toString());
                request.clear();
                requestLength = 0;
                commands.accept(command);
            }
            received.setLength(0);
            return true;
        }
        requestLength += length;
        if (requestLength > MAX_REQUEST) {
            return false;
        }
        String text;
        try {
            text = utf8.decode(ByteBuffer.wrap(bytes, offset, length)).toString();
        } catch (CharacterCodingException e) {
            return false;
        }
        received.append(text).append("\r\n");
        if (!text.endsWith(": ")) {
            request.add(text);
        }
        return true;
    }
}
