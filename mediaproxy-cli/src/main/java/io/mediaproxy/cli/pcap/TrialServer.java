package io.mediaproxy.cli.pcap;

import io.mediaproxy.embedded.EmbeddedDispatcher;
import io.mediaproxy.embedded.EmbeddedRelay;
import io.mediaproxy.embedded.report.ReceivedCommand;
import io.mediaproxy.sdp.IceCandidate;
import io.mediaproxy.session.CallAttributes;
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

/**
 * What a SIP server has of MediaProxy: a real client, and over a real socket a dispatcher and a relay in this process. Its time is
 * that of the packets, given by {@link #setTime}, so that the same capture gives the same result.
 *
 * <p>The relay binds real ports, four for each stream, and hears no media: no stream of it ever times out, as if media had flown for
 * as long as the call was. Not safe for use by more than one thread.
 */
final class TrialServer implements AutoCloseable {
    /** Below the ports that the system gives to others, and always from the first one on. */
    private static final int FIRST_PORT = 16_384;

    private static final int LAST_PORT = 32_767;

    /** For calls without BYE; who waits is {@link CallBook}, by the packets' time and not by the timers of the session layer. */
    private static final Duration NEVER = Duration.ofDays(365);

    private static final long PATIENCE_SECONDS = 30;

    private final EmbeddedRelay relay;
    private final EmbeddedDispatcher dispatcher;
    private final MediaProxy mediaProxy;
    private final Queue<ReceivedCommand> commands = new ConcurrentLinkedQueue<>();
    private volatile long nanos;

    /**
     * What came of a message.
     *
     * @param commands that the dispatcher got because of it
     */
    record Told(MediaProxyResult result, List<String> commands) {}

    /**
     * Starts all of it.
     *
     * @param relayAddress what the relay says its address is, IPv4
     * @throws java.io.UncheckedIOException if this system does not let it
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

    /** An address that no other process has ports at, so that the ports are the same in each run; where there is only one, that. */
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

    /** @param packetNanos never less than before */
    void setTime(long packetNanos) {
        nanos = packetNanos;
    }

    boolean isEngaged(String callId) {
        return mediaProxy.engagedCalls().isEngaged(callId);
    }

    Told engage(SipMessageView invite) throws InterruptedException {
        return told(mediaProxy.engageMediaProxyAsync(invite, CallAttributes.NONE));
    }

    Told follow(SipMessageView message) throws InterruptedException {
        return told(mediaProxy.engagedCalls().followAsync(message));
    }

    /** The call is over, whatever its messages say. */
    Told end(String callId) throws InterruptedException {
        return told(mediaProxy.engagedCalls().endAsync(callId));
    }

    private Told told(CompletableFuture<MediaProxyResult> result) throws InterruptedException {
        try {
            MediaProxyResult came = result.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            List<String> texts = new ArrayList<>();
            for (ReceivedCommand command = commands.poll(); command != null; command = commands.poll()) {
                texts.add(command.text());
            }
            return new Told(came, List.copyOf(texts));
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the dispatcher in this process does not answer", e);
        }
    }

    @Override
    public void close() {
        mediaProxy.close();
        dispatcher.close();
        relay.close();
    }
}
