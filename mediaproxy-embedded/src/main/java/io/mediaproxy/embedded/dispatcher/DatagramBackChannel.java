package io.mediaproxy.embedded.dispatcher;

import com.fasterxml.jackson.core.JacksonException;
import io.mediaproxy.embedded.log.Log;
import io.mediaproxy.embedded.loop.SelectorLoop;
import io.mediaproxy.embedded.python.PythonJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.newsclub.net.unix.AFUNIXDatagramChannel;
import org.newsclub.net.unix.AFUNIXSelectorProvider;
import org.newsclub.net.unix.AFUNIXSocketAddress;

/**
 * MediaProxy's back channel to OpenSIPS: JSON-RPC over UNIX datagrams, sent from a bound socket that receives the
 * answers. Thread-safe.
 *
 * <p>Answers are logged and have no other effect. A datagram is lost silently if the receiver's queue is full, and no
 * datagram is sent again.
 *
 * <p>A separate thread reads the answers, since channels of junixsocket and of the JDK cannot share a selector.
 */
final class DatagramBackChannel implements BackChannel {
    private static final Log LOG = Log.of(DatagramBackChannel.class);
    private static final String METHOD = "dlg_end_dlg";
    private static final long ANSWER_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final int LARGEST_ANSWER = 64 * 1024;

    /** A request that waits for its answer; two may have the same random id. */
    private static final class Request {}

    private final Path path;
    private final SocketFile file;
    private final Path sipServer;
    private final AFUNIXSocketAddress sipServerAddress;
    private final AFUNIXDatagramChannel channel;
    private final SelectorLoop loop;
    private final Random random;
    private final Map<String, Request> requests = new HashMap<>();
    private final ByteBuffer readBuffer = ByteBuffer.allocate(LARGEST_ANSWER);

    private DatagramBackChannel(
            Path path, SocketFile file, Path sipServer, AFUNIXDatagramChannel channel, SelectorLoop loop, Random random)
            throws IOException {
        this.path = path;
        this.file = file;
        this.sipServer = sipServer;
        this.sipServerAddress = AFUNIXSocketAddress.of(sipServer);
        this.channel = channel;
        this.loop = loop;
        this.random = random;
        loop.register(channel, SelectionKey.OP_READ, key -> read());
        loop.start();
    }

    /**
     * Binds a path, and replaces a stale socket file.
     *
     * @param path of the socket for the answers
     * @param sipServer path of the SIP server's socket, which may be bound later
     * @param random source of the ids of requests
     * @throws UncheckedIOException the path cannot be bound, or one of the two is too long for a socket; no file is
     *     left
     */
    static BackChannel open(Path path, Path sipServer, Random random, LongSupplier clock) {
        try {
            AFUNIXDatagramChannel channel = AFUNIXDatagramChannel.open();
            try {
                SocketFile file = SocketFile.bind(path, () -> channel.bind(AFUNIXSocketAddress.of(path)));
                return open(path, file, sipServer, random, clock, channel);
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("no datagrams can be sent from " + path + " to " + sipServer, e);
        }
    }

    private static BackChannel open(
            Path path,
            SocketFile file,
            Path sipServer,
            Random random,
            LongSupplier clock,
            AFUNIXDatagramChannel channel)
            throws IOException {
        SelectorLoop loop = null;
        try {
            loop = new SelectorLoop("mediaproxy-back-channel", clock, AFUNIXSelectorProvider.provider());
            return new DatagramBackChannel(path, file, sipServer, channel, loop, random);
        } catch (IOException | RuntimeException e) {
            if (loop != null) {
                loop.close();
            }
            channel.close();
            file.delete();
            throw e;
        }
    }

    @Override
    public boolean endDialog(String dialogId) {
        return loop.call(() -> send(dialogId));
    }

    private boolean send(String dialogId) {
        String id = Integer.toHexString(random.nextInt());
        byte[] datagram = request(id, dialogId).getBytes(StandardCharsets.US_ASCII);
        try {
            if (channel.send(ByteBuffer.wrap(datagram), sipServerAddress) == 0) {
                LOG.debug("the queue of {} is full, {} is lost", sipServer, METHOD);
            }
        } catch (IOException e) {
            LOG.debug("{} cannot be sent to {}: {}", METHOD, sipServer, e.getMessage());
            return false;
        }
        Request request = new Request();
        requests.put(id, request);
        loop.schedule(ANSWER_NANOS, () -> giveUp(id, request));
        return true;
    }

    private static String request(String id, String dialogId) {
        return PythonJson.dumps(json -> {
            json.writeStartObject();
            json.writeStringField("jsonrpc", "2.0");
            json.writeStringField("id", id);
            json.writeStringField("method", METHOD);
            json.writeArrayFieldStart("params");
            json.writeString(dialogId);
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private void giveUp(String id, Request request) {
        if (requests.remove(id, request)) {
            LOG.debug("{} does not answer {}", sipServer, METHOD);
        }
    }

    /**
     * Stops at an empty datagram from an unbound socket, which looks like none. The selector reports the ones after it.
     */
    private void read() {
        try {
            readBuffer.clear();
            while (channel.receive(readBuffer) != null || readBuffer.position() > 0) {
                answered(new String(readBuffer.array(), 0, readBuffer.position(), StandardCharsets.UTF_8));
                readBuffer.clear();
            }
        } catch (IOException e) {
            LOG.warn("reading from {} failed", path, e);
        }
    }

    private void answered(String datagram) {
        Map<String, @Nullable String> answer;
        try {
            answer = PythonJson.members(datagram);
        } catch (JacksonException e) {
            LOG.debug("{} sends an answer that is no JSON", sipServer);
            return;
        }
        String id = answer == null ? null : answer.get("id");
        Request request = id == null ? null : requests.remove(id);
        if (answer == null || request == null) {
            LOG.debug("{} answers a request that does not wait", sipServer);
        } else if (answer.containsKey("result")) {
            LOG.debug("{} accepts {}", sipServer, METHOD);
        } else {
            LOG.debug("{} refuses {}", sipServer, METHOD);
        }
    }

    @Override
    public int unanswered() {
        return loop.call(requests::size);
    }

    @Override
    public void settle() {
        loop.call(() -> {
            loop.selectNow();
            return true;
        });
    }

    @Override
    public void expireNow() {
        loop.call(() -> {
            loop.runTimers();
            return true;
        });
    }

    @Override
    public void close() {
        loop.execute(this::closeChannel);
        loop.close();
    }

    private void closeChannel() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.warn("closing {} failed", path, e);
        }
        file.delete();
    }
}
