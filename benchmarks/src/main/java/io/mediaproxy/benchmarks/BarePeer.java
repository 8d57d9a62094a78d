package io.mediaproxy.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.newsclub.net.unix.AFUNIXServerSocketChannel;
import org.newsclub.net.unix.AFUNIXSocketAddress;
import org.newsclub.net.unix.AFUNIXSocketChannel;

/**
 * The smallest possible dispatcher: one blocking thread per connection, which sends {@link #REPLY} as soon as it has
 * read the empty line of a command. It reads nothing else of a command and allocates nothing for it, so that the
 * measured time is that of the client and the kernel.
 */
class BarePeer implements AutoCloseable {
    static final String ADDRESS = SampleCall.RELAY;
    static final int[] PORTS = {50000, 50004};
    static final String REPLY = ADDRESS + " " + PORTS[0] + " " + PORTS[1] + "\r\n";

    private static final int END_OF_COMMAND = '\r' << 24 | '\n' << 16 | '\r' << 8 | '\n';

    private final Path directory;
    private final Path path;
    private final AFUNIXServerSocketChannel listener;
    private final Queue<AFUNIXSocketChannel> connections = new ConcurrentLinkedQueue<>();

    BarePeer() throws IOException {
        directory = Files.createTempDirectory("mediaproxy-bare");
        path = directory.resolve("d.sock");
        listener = AFUNIXServerSocketChannel.open();
        listener.bind(AFUNIXSocketAddress.of(path));
        start("bare-accept", this::acceptAll);
    }

    Path path() {
        return path;
    }

    private static void start(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void acceptAll() {
        try {
            while (true) {
                AFUNIXSocketChannel connection = listener.accept();
                connections.add(connection);
                start("bare-answer", () -> answerAll(connection));
            }
        } catch (IOException e) {
            rethrowIfOpen(e);
        }
    }

    private void answerAll(AFUNIXSocketChannel connection) {
        ByteBuffer in = ByteBuffer.allocateDirect(16 * 1024);
        ByteBuffer out = ByteBuffer.allocateDirect(REPLY.length()).put(REPLY.getBytes(StandardCharsets.US_ASCII));
        try (connection) {
            while (connection.read(in) >= 0) {
                if (in.position() >= Integer.BYTES && in.getInt(in.position() - Integer.BYTES) == END_OF_COMMAND) {
                    in.clear();
                    connection.write(reply(out));
                }
            }
        } catch (IOException e) {
            rethrowIfOpen(e);
        }
    }

    /** Returns the next reply; always the same one, unless a subclass has others. */
    ByteBuffer reply(ByteBuffer usual) {
        return usual.rewind();
    }

    private void rethrowIfOpen(IOException e) {
        if (listener.isOpen()) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (AFUNIXSocketChannel connection : connections) {
            connection.close();
        }
        Files.deleteIfExists(path);
        Files.delete(directory);
    }
}
