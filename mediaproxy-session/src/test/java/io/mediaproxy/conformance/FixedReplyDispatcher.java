package io.mediaproxy.conformance;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A dispatcher's socket that answers every command with the bytes it was told last, and keeps the commands as they
 * came.
 */
public final class FixedReplyDispatcher implements AutoCloseable {
    private static final String END_OF_COMMAND = "\r\n\r\n";

    private final Path directory;
    private final ServerSocketChannel server;
    private final List<SocketChannel> connections = new CopyOnWriteArrayList<>();
    private final List<String> commands = new CopyOnWriteArrayList<>();
    private volatile String reply = "error\r\n";

    public FixedReplyDispatcher() {
        try {
            directory = Files.createTempDirectory("mediaproxy");
            server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                    .bind(UnixDomainSocketAddress.of(directory.resolve("dispatcher.sock")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start(this::accept);
    }

    public Path socket() {
        return directory.resolve("dispatcher.sock");
    }

    /** What to answer from now on; forgets the commands. */
    public void answer(String bytes) {
        reply = bytes;
        commands.clear();
    }

    /** The commands since the last {@link #answer}. */
    public List<String> commands() {
        return List.copyOf(commands);
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel connection = server.accept();
                connections.add(connection);
                start(() -> serve(connection));
            }
        } catch (IOException e) {
            closeAll(); // closed by the test
        }
    }

    private void serve(SocketChannel connection) {
        try (connection) {
            InputStream in = new BufferedInputStream(Channels.newInputStream(connection));
            ByteArrayOutputStream command = new ByteArrayOutputStream();
            for (int b = in.read(); b >= 0; b = in.read()) {
                command.write(b);
                String text = command.toString(StandardCharsets.UTF_8);
                if (text.endsWith(END_OF_COMMAND)) {
                    commands.add(text);
                    command.reset();
                    connection.write(StandardCharsets.UTF_8.encode(reply));
                }
            }
        } catch (IOException e) {
            closeAll(); // the client is gone in the middle of a command: the test sees what it got
        }
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "fixed-reply-dispatcher");
        thread.setDaemon(true);
        thread.start();
    }

    private void closeAll() {
        for (SocketChannel connection : connections) {
            try {
                connection.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public void close() {
        if (!server.isOpen()) {
            return;
        }
        try {
            server.close();
            closeAll();
            Files.deleteIfExists(socket());
            Files.delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
