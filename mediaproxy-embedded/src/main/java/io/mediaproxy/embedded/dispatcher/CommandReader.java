package io.mediaproxy.embedded.dispatcher;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Reads commands out of one connection's bytes.
 *
 * <pre>
 * request = command CRLF *( name ": " value CRLF ) CRLF
 * </pre>
 *
 * Empty lines between commands count for nothing. A line that ends in {@code ": "} is dropped, which makes an empty value
 * an absent header (and loses any value that ends so).
 */
final class CommandReader {
    /** The real dispatcher has no such limit: a request of 1 MB is served there as here, an endless one fills its memory. */
    static final int LARGEST_REQUEST = 8 * 1024 * 1024;

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
     * Reads all that the buffer holds; commands that are complete go out during the call.
     *
     * @return false: the bytes broke the protocol (a line too long, not UTF-8, a request too large) and the connection ends;
     *     commands before that point have gone out
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
        if (requestLength > LARGEST_REQUEST) {
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
