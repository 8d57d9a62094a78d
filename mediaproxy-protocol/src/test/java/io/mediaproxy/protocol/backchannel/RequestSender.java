package io.mediaproxy.protocol.backchannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.newsclub.net.unix.AFUNIXDatagramChannel;
import org.newsclub.net.unix.AFUNIXSelectorProvider;
import org.newsclub.net.unix.AFUNIXSocketAddress;

/** Sends requests like the dispatcher, and reads the answers. */
final class RequestSender implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;

    private final AFUNIXDatagramChannel channel = AFUNIXDatagramChannel.open();
    private final Selector selector = AFUNIXSelectorProvider.provider().openSelector();
    private final AFUNIXSocketAddress receiver;

    private RequestSender(Path receiver) throws IOException {
        this.receiver = AFUNIXSocketAddress.of(receiver);
        channel.configureBlocking(false);
    }

    static RequestSender bound(Path own, Path receiver) throws IOException {
        RequestSender sender = new RequestSender(receiver);
        sender.channel.bind(AFUNIXSocketAddress.of(own));
        sender.channel.register(sender.selector, SelectionKey.OP_READ);
        return sender;
    }

    static RequestSender withoutAddress(Path receiver) throws IOException {
        return new RequestSender(receiver);
    }

    /** Returns the request that MediaProxy 4.1.2 sends, byte for byte. */
    static String endDialog(String id, String dialogId) {
        return "{\"jsonrpc\": \"2.0\", \"id\": \"" + id + "\", \"method\": \"dlg_end_dlg\", \"params\": [\"" + dialogId
                + "\"]}";
    }

    static String ok(String id) {
        return "{\"jsonrpc\":\"2.0\",\"id\":\"" + id + "\",\"result\":\"OK\"}";
    }

    static String error(String jsonId, int code, String message) {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + jsonId + ",\"error\":{\"code\":" + code + ",\"message\":\"" + message
                + "\"}}";
    }

    /** Sends a datagram, and waits for room in the receiver's queue if needed. */
    void send(String datagram) throws IOException {
        send(datagram.getBytes(StandardCharsets.UTF_8));
    }

    void send(byte[] datagram) throws IOException {
        long start = System.nanoTime();
        ByteBuffer bytes = ByteBuffer.wrap(datagram);
        while (channel.send(bytes, receiver) == 0 && datagram.length > 0) {
            assertThat(System.nanoTime() - start).isLessThan(TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS));
            LockSupport.parkNanos(100_000);
        }
    }

    /** Sends a datagram as the dispatcher does, and returns false if it is lost because the queue is full. */
    boolean trySend(String datagram) throws IOException {
        return channel.send(ByteBuffer.wrap(datagram.getBytes(StandardCharsets.UTF_8)), receiver) > 0;
    }

    String receive() throws IOException {
        return receive(PATIENCE_MILLIS);
    }

    String receive(int patienceMillis) throws IOException {
        ByteBuffer answer = ByteBuffer.allocate(65_536);
        channel.receive(answer);
        if (answer.position() == 0) {
            selector.select(patienceMillis);
            selector.selectedKeys().clear();
            channel.receive(answer);
        }
        if (answer.position() == 0) {
            throw new SocketTimeoutException("no answer in " + patienceMillis + " ms");
        }
        return new String(answer.array(), 0, answer.position(), StandardCharsets.UTF_8);
    }

    String ask(String datagram) throws IOException {
        send(datagram);
        return receive();
    }

    /** Sends a datagram that must not be answered, and then a request whose answer has to be the next one received. */
    void sendAndGetNoAnswer(byte[] datagram) throws IOException {
        send(datagram);
        assertThat(ask(endDialog("abc", "nobody"))).isEqualTo(error("\"abc\"", 404, "unknown dialog"));
    }

    void hasNothingMore() {
        assertThatThrownBy(() -> receive(1)).isInstanceOf(SocketTimeoutException.class);
    }

    @Override
    public void close() throws IOException {
        selector.close();
        channel.close();
    }
}
