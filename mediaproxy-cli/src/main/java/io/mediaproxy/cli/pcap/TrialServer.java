package io.mediaproxy.cli.pcap;

import io.mediaproxy.embedded.EmbeddedDispatcher;
import io.mediaproxy.embedded.EmbeddedRelay;
import io.mediaproxy.embedded.report.ReceivedCommand;
import io.mediaproxy.protocol.DispatcherErrorException;
import io.mediaproxy.sdp.IceCandidate;
import io.mediaproxy.session.CallAttributes;
import io.mediaproxy.session.CallKey;
import io.mediaproxy.session.MediaProxy;
import io.mediaproxy.session.MediaProxyResult;
import io.mediaproxy.session.sip.SipMessageView;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A SIP server's MediaProxy: a real client, which asks over a real socket a dispatcher and relay in this process.
 * {@link #setTime} sets its time, so that the same capture gives the same result. Not thread-safe.
 *
 * <p>The relay binds real ports, four for each stream. It receives no media and never times a stream out, as if media
 * flowed for the whole call.
 */
final class TrialServer implements AutoCloseable {
    /** Below the ports that the system hands out, and always from the first one on. */
    private static final int FIRST_PORT = 16_384;

    private static final int LAST_PORT = 32_767;

    /** Of the session layer's own timers: {@link CallBook} ends silent calls, by the time of the packets. */
    private static final Duration NEVER = Duration.ofDays(365);

    private static final long PATIENCE_SECONDS = 30;

    private final EmbeddedRelay relay;
    private final EmbeddedDispatcher dispatcher;
    private final MediaProxy mediaProxy;
    private final Queue<ReceivedCommand> commands = new ConcurrentLinkedQueue<>();
    private volatile long nanos;

    /**
     * The result of one message.
     *
     * @param result null if MediaProxy did not get the message
     * @param commands that the dispatcher received because of it
     */
    record Handled(@Nullable MediaProxyResult result, String reason, List<String> commands) {
        /** For a message that MediaProxy does not get. */
        static Handled elsewhere(String reason) {
            return new Handled(null, reason, List.of());
        }

        /** The text of a dispatcher's error has its socket and times, which differ in each run. */
        static Handled of(MediaProxyResult result, List<String> commands) {
            boolean refused = result.failure()
                    .filter(DispatcherErrorException.class::isInstance)
                    .isPresent();
            String reason = refused
                    ? "the dispatcher answered error: the relay cannot take these media, or has no port left"
                    : result.reason();
            return new Handled(result, reason, commands);
        }
    }

    /**
     * Starts the relay, the dispatcher and the client.
     *
     * @param relayAddress IPv4, the address that the relay advertises
     * @throws java.io.UncheckedIOException if the system refuses a port or socket
     */
    TrialServer(String relayAddress, IceCandidate iceCandidate) {
        relay = EmbeddedRelay.builder()
                .bindAddress(loopback())
                .advertisedAddress(relayAddress)
                .portRange(FIRST_PORT, LAST_PORT)
                .clock(() -> 0)
                .start();
        try {
            dispatcher = EmbeddedDispatcher.builder()
                    .relays(relay)
                    .clock(() -> 0)
                    .commandListener(commands::add)
                    .start();
        } catch (RuntimeException e) {
            relay.close();
            throw e;
        }
        try {
            mediaProxy = MediaProxy.builder()
                    .dispatcherSocket(dispatcher.socket())
                    .timeout(Duration.ofSeconds(PATIENCE_SECONDS))
                    .dialogTimeout(NEVER)
                    .earlyDialogTimeout(NEVER)
                    .iceCandidate(iceCandidate)
                    .dispatcher(client -> client.clock(() -> nanos))
                    .build();
        } catch (RuntimeException e) {
            dispatcher.close();
            relay.close();
            throw e;
        }
    }

    /**
     * An address at which no other process has ports, so that each run gets the same ones; the usual one if there is no
     * other.
     */
    private static String loopback() {
        long pid = ProcessHandle.current().pid();
        byte[] own = {127, (byte) (64 + (pid >> 16 & 0x3f)), (byte) (pid >> 8), (byte) pid};
        try {
            InetAddress address = InetAddress.getByAddress(own);
            new DatagramSocket(new InetSocketAddress(address, 0)).close();
            return address.getHostAddress();
        } catch (IOException e) { // macOS has 127.0.0.1 alone
            return "127.0.0.1";
        }
    }

    /**
     * Sets the time.
     *
     * @param packetNanos never less than before
     */
    void setTime(long packetNanos) {
        nanos = packetNanos;
    }

    boolean isEngaged(CallKey call) {
        return mediaProxy.engagedCalls().isEngaged(call);
    }

    Handled engage(SipMessageView invite) throws InterruptedException {
        return handled(mediaProxy.engageMediaProxyAsync(invite, CallAttributes.NONE));
    }

    Handled follow(SipMessageView message) throws InterruptedException {
        return handled(mediaProxy.engagedCalls().followAsync(message));
    }

    /** Ends the call, whatever its messages were. */
    Handled end(CallKey call) throws InterruptedException {
        return handled(mediaProxy.engagedCalls().endAsync(call));
    }

    private Handled handled(CompletableFuture<MediaProxyResult> result) throws InterruptedException {
        try {
            MediaProxyResult came = result.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            List<String> texts = new ArrayList<>();
            for (ReceivedCommand command = commands.poll(); command != null; command = commands.poll()) {
                texts.add(command.text());
            }
            return Handled.of(came, List.copyOf(texts));
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the dispatcher in this process does not reply", e);
        }
    }

    @Override
    public void close() {
        mediaProxy.close();
        dispatcher.close();
        relay.close();
    }
}
