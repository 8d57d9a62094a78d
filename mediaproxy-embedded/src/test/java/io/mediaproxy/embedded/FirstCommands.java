package io.mediaproxy.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ClassLoadingMXBean;
import java.lang.management.ManagementFactory;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A program for a separate JVM that counts the classes loaded by the first call through a dispatcher. */
final class FirstCommands {
    private FirstCommands() {}

    /**
     * Prints the number of classes.
     *
     * @param args a directory for a socket
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        loadTheClientsClasses(Path.of(args[0], "echo.sock"));
        ClassLoadingMXBean classes = ManagementFactory.getClassLoadingMXBean();
        try (EmbeddedDispatcher dispatcher = EmbeddedDispatcher.start()) {
            long before = classes.getTotalLoadedClassCount();
            makeACall(dispatcher.socket());
            long loaded = classes.getTotalLoadedClassCount() - before;
            System.out.println("loaded " + loaded + " classes");
        }
    }

    private static void makeACall(Path socket) throws IOException {
        try (SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            client.connect(UnixDomainSocketAddress.of(socket));
            send(client, Commands.offer("c"));
            send(client, Commands.answer("c").replace("127.0.0.1", "{\"username\": \"alice\"}"));
            send(client, Commands.remove("c"));
        }
    }

    private static void send(SocketChannel client, String command) throws IOException {
        client.write(ByteBuffer.wrap(command.getBytes(StandardCharsets.UTF_8)));
        ByteBuffer reply = ByteBuffer.allocate(4_096);
        do {
            if (client.read(reply) < 0) {
                throw new IOException("no reply");
            }
        } while (reply.get(reply.position() - 1) != '\n');
    }

    private static void loadTheClientsClasses(Path socket) throws IOException, InterruptedException {
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            Thread echo = new Thread(() -> echo(server), "echo");
            echo.setDaemon(true);
            echo.start();
            makeACall(socket);
            echo.join();
        }
    }

    private static void echo(ServerSocketChannel server) {
        try (SocketChannel client = server.accept()) {
            ByteBuffer bytes = ByteBuffer.allocate(4_096);
            while (client.read(bytes) >= 0) {
                client.write(bytes.flip());
                bytes.clear();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
