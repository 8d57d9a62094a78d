package io.mediaproxy.session;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** Says to every command what a dispatcher would that has no end of ports, as fast as it can, and remembers nothing. */
final class AnsweringPeer implements AutoCloseable {
    private static final int PORTS = 20_000;
    private static final byte[] REMOVED = "removed\r\n".getBytes(StandardCharsets.US_ASCII);

    private final ServerSocketChannel server;
    private final AtomicInteger updates = new AtomicInteger();

    AnsweringPeer(Path socket) throws IOException {
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket));
        start(this::accept);
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "answering-peer");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel connection = server.accept();
                start(() -> serve(connection));
            }
        } catch (ClosedChannelException e) {
            return; // the end
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One command at a time is under way on a connection, and each is one write. */
    private void serve(SocketChannel connection) {
        ByteBuffer command = ByteBuffer.allocate(16 * 1024);
        try (connection) {
            while (connection.read(command) >= 0) {
                int end = command.position();
                boolean whole = end >= 4 && command.get(end - 1) == '\n' && command.get(end - 3) == '\n';
                if (whole) {
                    connection.write(ByteBuffer.wrap(command.get(0) == 'u' ? endpoints() : REMOVED));
                    command.clear();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] endpoints() {
        int update = updates.getAndIncrement();
        String address = "10." + update / PORTS / 250 + '.' + update / PORTS % 250 + ".1";
        return (address + ' ' + (20_000 + 2 * (update % PORTS)) + "\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
