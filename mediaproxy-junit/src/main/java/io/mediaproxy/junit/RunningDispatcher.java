package io.mediaproxy.junit;

import io.mediaproxy.embedded.EmbeddedDispatcher;
import io.mediaproxy.embedded.EmbeddedRelay;
import io.mediaproxy.embedded.report.Fault;
import io.mediaproxy.embedded.report.SessionStatistics;
import io.mediaproxy.embedded.report.StreamStatistics;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A dispatcher with its relays, and what happened to it during one test. Thread-safe. */
final class RunningDispatcher implements AutoCloseable {
    private record InjectedFault(Fault fault, AtomicBoolean used) {}

    private static final Duration POLL = Duration.ofMillis(5);

    private final List<EmbeddedRelay> relays = new ArrayList<>();
    private final Transcript transcript = new Transcript();
    private final RtpEnds rtp = new RtpEnds();
    private final List<InjectedFault> faults = new CopyOnWriteArrayList<>();
    private final @Nullable AtomicLong manualClock;
    private final EmbeddedDispatcher dispatcher;

    /** @param backChannel the SIP server's datagram socket; null for none */
    RunningDispatcher(Path socket, int relayCount, @Nullable Path backChannel, boolean manualClock) {
        this.manualClock = manualClock ? new AtomicLong() : null;
        LongSupplier clock = this.manualClock == null ? System::nanoTime : this.manualClock::get;
        try {
            for (int i = 1; i <= relayCount; i++) {
                relays.add(EmbeddedRelay.builder()
                        .bindAddress("127.0.0." + i)
                        .clock(clock)
                        .start());
            }
            EmbeddedDispatcher.Builder builder = EmbeddedDispatcher.builder()
                    .socket(socket)
                    .relays(relays.toArray(EmbeddedRelay[]::new))
                    .clock(clock)
                    .commandListener(transcript::received)
                    .sessionListener(transcript::ended);
            dispatcher = (backChannel == null ? builder : builder.openSipsSocket(backChannel)).start();
        } catch (RuntimeException e) {
            relays.forEach(EmbeddedRelay::close);
            throw e;
        }
    }

    EmbeddedDispatcher dispatcher() {
        return dispatcher;
    }

    List<EmbeddedRelay> relays() {
        return List.copyOf(relays);
    }

    Transcript transcript() {
        return transcript;
    }

    void inject(Fault fault) {
        AtomicBoolean used = new AtomicBoolean();
        faults.add(new InjectedFault(fault, used));
        dispatcher.inject(fault, command -> used.compareAndSet(false, true));
    }

    void advance(Duration time) {
        if (manualClock == null) {
            throw new IllegalStateException("the clock is the system's: build the extension with manualClock()");
        }
        manualClock.addAndGet(time.toNanos());
        dispatcher.expireNow();
    }

    boolean awaitSessions(int count, Duration patience) {
        return await(() -> dispatcher.sessions().size() == count, patience);
    }

    void sendRtp(String callId, Side side) {
        List<StreamStatistics> streams = session(callId).streams();
        for (int i = 0; i < streams.size(); i++) {
            rtp.send(callId, side, i, local(streams.get(i), side));
        }
    }

    boolean hearsRtp(String callId, Side side, Duration patience) {
        return rtp.hears(callId, side, 0, patience);
    }

    /** Returns the faults of a test that left something, and waits for what the server still sends. */
    List<String> leftovers(Duration patience) {
        await(() -> leftovers().isEmpty(), patience);
        return leftovers();
    }

    private List<String> leftovers() {
        List<String> problems = new ArrayList<>();
        for (SessionStatistics session : dispatcher.sessions()) {
            problems.add("the session of call " + session.callId() + " is still at the relay");
        }
        problems.addAll(transcript.problems());
        for (InjectedFault injected : faults) {
            if (!injected.used().get()) {
                problems.add("no command met the fault " + injected.fault());
            }
        }
        return problems;
    }

    private SessionStatistics session(String callId) {
        return dispatcher.sessions().stream()
                .filter(session ->
                        session.callId().equals(callId) && !session.streams().isEmpty())
                .findFirst()
                .orElseThrow(() -> new AssertionError(
                        "the relay has no answered session of call " + callId + "; the transcript:\n" + transcript));
    }

    private static InetSocketAddress local(StreamStatistics stream, Side side) {
        String local = (side == Side.CALLER ? stream.caller() : stream.callee()).local();
        int colon = local.lastIndexOf(':');
        return new InetSocketAddress(local.substring(0, colon), Integer.parseInt(local.substring(colon + 1)));
    }

    private static boolean await(BooleanSupplier condition, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline >= 0) {
                return false;
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
        return true;
    }

    @Override
    public void close() {
        rtp.close();
        dispatcher.close();
        relays.forEach(EmbeddedRelay::close);
    }
}
