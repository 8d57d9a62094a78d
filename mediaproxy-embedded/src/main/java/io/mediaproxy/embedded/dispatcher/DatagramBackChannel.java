package io.mediaproxy.embedded.dispatcher;

import com.fasterxml.jackson.core.JacksonException;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The back channel as MediaProxy has it for OpenSIPS: JSON-RPC over UNIX datagrams, from a bound socket to which the answers
 * come. What the answer says is logged and changes nothing; a datagram that finds the receiver's queue full is lost in
 * silence, and none is ever sent again.
 *
 * <p>A thread of its own reads the answers, since junixsocket's channels and those of the JDK do not share a selector. All
 * methods may be called from any thread but that one.
 */
final class DatagramBackChannel implements BackChannel {
    private static final Logger LOG = LoggerFactory.getLogger(DatagramBackChannel.class);
    private static final String METHOD = "dlg_end_dlg";
    private static final long ANSWER_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final int LARGEST_ANSWER = 64 * 1024;

    private record Request(String callId) {}

    private final Path path;
    private final Path sipServer;
    private final AFUNIXSocketAddress sipServerAddress;
    private final AFUNIXDatagramChannel channel;
    private final SelectorLoop loop;
    private final Random random;
    private final Map<String, Request> requests = new HashMap<>();
    private final ByteBuffer readBuffer = ByteBuffer.allocate(LARGEST_ANSWER);

    private DatagramBackChannel(
            Path path, Path sipServer, AFUNIXDatagramChannel channel, SelectorLoop loop, Random random)
            throws IOException {
        this.path = path;
        this.sipServer = sipServer;
        this.sipServerAddress = AFUNIXSocketAddress.of(sipServer);
        this.channel = channel;
        this.loop = loop;
        this.random = random;
        loop.register(channel, SelectionKey.OP_READ, key -> read());
        loop.start();
    }

    /**
     * Binds, and replaces a socket file that is there.
     *
     * @param path where the answers come to
     * @param sipServer where the SIP server listens; it need not be there yet
     * @param random makes the ids of the requests
     * @throws UncheckedIOException the path cannot be bound, or one of the two is too long for a socket; nothing stays behind
     */
    static BackChannel open(Path path, Path sipServer, Random random, LongSupplier clock) {
        try {
            AFUNIXDatagramChannel channel = AFUNIXDatagramChannel.open();
            try {
                SocketFile.removeStale(path);
                channel.bind(AFUNIXSocketAddress.of(path));
                return open(path, sipServer, random, clock, channel);
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("No datagrams can be sent from " + path + " to " + sipServer, e);
        }
    }

    private static BackChannel open(
            Path path, Path sipServer, Random random, LongSupplier clock, AFUNIXDatagramChannel channel)
            throws IOException {
        SelectorLoop loop = null;
        try {
            loop = new SelectorLoop("mediaproxy-back-channel", clock, AFUNIXSelectorProvider.provider());
            return new DatagramBackChannel(path, sipServer, channel, loop, random);
        } catch (IOException | RuntimeException e) {
            if (loop != null) {
                loop.close();
            }
            channel.close();
            SocketFile.delete(path);
            throw e;
        }
    }

    @Override
    public boolean endDialog(String callId, String dialogId) {
        return loop.call(() -> send(callId, dialogId));
    }

    private boolean send(String callId, String dialogId) {
        String id = Integer.toHexString(random.nextInt());
        byte[] datagram = request(id, dialogId).getBytes(StandardCharsets.US_ASCII);
        try {
            if (channel.send(ByteBuffer.wrap(datagram), sipServerAddress) == 0) {
                LOG.debug("The queue of {} is full, {} for call {} is lost", sipServer, METHOD, callId);
            }
        } catch (IOException e) {
            LOG.warn("{} for call {} cannot be sent to {}: {}", METHOD, callId, sipServer, e.getMessage());
            return false;
        }
        Request request = new Request(callId);
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
            LOG.warn("{} does not answer {} for call {}", sipServer, METHOD, request.callId());
        }
    }

    /** An empty datagram from an unbound socket looks like none; the selector tells of those behind it. */
    private void read() {
        try {
            readBuffer.clear();
            while (channel.receive(readBuffer) != null || readBuffer.position() > 0) {
                answered(new String(readBuffer.array(), 0, readBuffer.position(), StandardCharsets.UTF_8));
                readBuffer.clear();
            }
        } catch (IOException e) {
            LOG.warn("Reading from {} failed", path, e);
        }
    }

    private void answered(String datagram) {
        Map<String, @Nullable String> answer;
        try {
            answer = PythonJson.members(datagram);
        } catch (JacksonException e) {
            LOG.warn("{} sends an answer that is no JSON: {}", sipServer, e.getOriginalMessage());
            return;
        }
        String id = answer == null ? null : answer.get("id");
        Request request = id == null ? null : requests.remove(id);
        if (answer == null || request == null) {
            LOG.warn("{} answers a request that does not wait, id {}", sipServer, id);
        } else if (answer.containsKey("result")) {
            LOG.debug("{} for call {} is done", METHOD, request.callId());
        } else {
            LOG.warn("{} for call {} failed", METHOD, request.callId());
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
            LOG.warn("Closing {} failed", path, e);
        }
        SocketFile.delete(path);
    }
}
