package io.mediaproxy.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** A client that sends and receives raw bytes, as one character for each byte. */
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

    /** Sends. Ignores a connection that the dispatcher closed, which a later read shows. */
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

    /** The replies after the dispatcher has executed everything sent, with {@link #END} at the end if it closed. */
    public String received() {
        dispatcher.settle();
        return arrived();
    }

    /** The bytes that have arrived. */
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

    /** Waits for the next line and returns it with its line end. */
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
