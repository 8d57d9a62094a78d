package io.mediaproxy.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** A raw client of a dispatcher's socket: bytes out, bytes in, one character for a byte. */
public final class ControlClient implements AutoCloseable {
    public static final String END = "<<EOF>>";

    private final EmbeddedDispatcher dispatcher;
    private final SocketChannel channel;

    public ControlClient(EmbeddedDispatcher dispatcher) {
        this.dispatcher = dispatcher;
        try {
            this.channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            channel.connect(UnixDomainSocketAddress.of(dispatcher.socket()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Sends, and ignores that the dispatcher may close meanwhile: reading will show it. */
    public ControlClient send(String text) {
        ByteBuffer bytes = ByteBuffer.wrap(bytes(text));
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            assertBrokenPipe(e);
        }
        return this;
    }

    private static void assertBrokenPipe(IOException e) {
        String message = String.valueOf(e.getMessage());
        if (!message.contains("Broken pipe") && !message.contains("reset")) {
            throw new UncheckedIOException(e);
        }
    }

    public ControlClient shutdownOutput() {
        try {
            channel.shutdownOutput();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All that has come once the dispatcher is done with what was sent; {@link #END} at the end if it closed. */
    public String received() {
        dispatcher.settle();
        return arrived();
    }

    /** All that is there. */
    public String arrived() {
        StringBuilder text = new StringBuilder();
        ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
        try {
            channel.configureBlocking(false);
            int count = channel.read(buffer);
            while (count > 0) {
                append(text, buffer);
                count = channel.read(buffer);
            }
            channel.configureBlocking(true);
            return count < 0 ? text.append(END).toString() : text.toString();
        } catch (IOException e) {
            assertBrokenPipe(e);
            return text.append(END).toString();
        }
    }

    /** The next line, with its end; blocks. */
    public String readLine() {
        StringBuilder text = new StringBuilder();
        ByteBuffer one = ByteBuffer.allocate(1);
        try {
            while (text.indexOf("\r\n") < 0) {
                if (channel.read(one) < 0) {
                    return text.append(END).toString();
                }
                append(text, one);
            }
        } catch (IOException e) {
            assertBrokenPipe(e);
            text.append(END);
        }
        return text.toString();
    }

    private static void append(StringBuilder text, ByteBuffer buffer) {
        buffer.flip();
        text.append(StandardCharsets.ISO_8859_1.decode(buffer));
        buffer.clear();
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
