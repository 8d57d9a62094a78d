package io.mediaproxy.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.embedded.EmbeddedDispatcher;
import io.mediaproxy.embedded.EmbeddedRelay;
import io.mediaproxy.embedded.report.SessionStatistics;
import io.mediaproxy.session.MediaProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Thousands of calls through random faults of the dispatcher and its relays. {@code -Dseed=N} repeats one run,
 * {@code -Dseeds=N} makes N runs, {@code -Dchaos.calls=N} sets the calls of each.
 */
class ChaosTest {
    private static final int CALLS = Integer.getInteger("chaos.calls", 2_000);
    /** A fault lasts for so many calls, and so does the calm that follows. */
    private static final int CALLS_PER_FAULT = 50;

    private static final int CALLS_AT_ONCE = 24;
    private static final long NANOS_PER_CALL = TimeUnit.MILLISECONDS.toNanos(1);
    private static final Duration STEP = Duration.ofMillis(50);
    /** Less than what makes the SDK give up. */
    private static final int MOST_STEPS = 11_000;

    private final List<EmbeddedRelay> relays = List.of(
            EmbeddedRelay.start(),
            EmbeddedRelay.builder().bindAddress("127.9.9.9").start());
    private final PassingClock clock = new PassingClock();
    private final Evidence evidence = new Evidence();
    private final EmbeddedDispatcher dispatcher = EmbeddedDispatcher.builder()
            .relays(relays.toArray(EmbeddedRelay[]::new))
            .commandListener(evidence::command)
            .start();
    private final MediaProxy mediaProxy = MediaProxy.builder()
            .dispatcherSocket(dispatcher.socket())
            .timeout(Duration.ofMillis(250))
            .dispatcher(client -> client.retryInterval(Duration.ofMillis(20)).clock(clock))
            .build();
    private final ExecutorService threads = Executors.newFixedThreadPool(CALLS_AT_ONCE);

    @AfterEach
    void close() {
        threads.shutdownNow();
        mediaProxy.close();
        dispatcher.close();
        relays.forEach(EmbeddedRelay::close);
    }

    static Stream<Long> seeds() {
        Long one = Long.getLong("seed");
        return one == null
                ? LongStream.rangeClosed(1, Integer.getInteger("seeds", 3)).boxed()
                : Stream.of(one);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldKeepItsPromisesInAnyFault(long seed) throws InterruptedException, ExecutionException {
        Faults faults = new Faults(dispatcher, relays, new Random(seed));
        List<Future<?>> calls = new ArrayList<>();
        Semaphore room = new Semaphore(CALLS_AT_ONCE);
        long start = System.nanoTime();
        for (int i = 0; i < CALLS; i++) {
            LockSupport.parkNanos(start + i * NANOS_PER_CALL - System.nanoTime());
            if (i % (2 * CALLS_PER_FAULT) == 0) {
                faults.next();
            } else if (i % CALLS_PER_FAULT == 0) {
                faults.calm();
            }
            ChaosCall call = new ChaosCall("call-" + i, new Random(seed * CALLS + i), mediaProxy, evidence);
            room.acquire();
            calls.add(threads.submit(() -> {
                try {
                    call.play();
                    return null;
                } finally {
                    room.release();
                }
            }));
        }
        for (Future<?> call : calls) {
            call.get();
        }
        faults.calm();
        awaitRemovals();

        List<String> left = sessions(true);
        System.out.printf(
                "chaos: seed %d, %d calls, faults %s, %s, %d sessions left that no reply reported%n",
                seed, CALLS, faults, evidence, sessions(false).size());
        assertThat(evidence.broken).isEmpty();
        assertThat(left)
                .as("sessions of calls that are over")
                .map(evidence::history)
                .isEmpty();
        assertThat(mediaProxy.pendingRemovals()).isZero();
        assertThat(mediaProxy.engagedCalls().size()).isZero();
        assertThat(evidence.relayedExchanges).hasValueGreaterThan(CALLS / 2);
    }

    /** The sessions on the relays: those of which the SDK knows, or the others. */
    private List<String> sessions(boolean known) {
        return relays.stream()
                .flatMap(relay -> relay.sessions().stream()
                        .map(SessionStatistics::callId)
                        .filter(callId -> evidence.knows(callId, relay.address()) == known))
                .toList();
    }

    /** Removals are tried again after growing delays. The clock takes small steps, so that no command times out. */
    private void awaitRemovals() {
        for (int step = 0; mediaProxy.pendingRemovals() > 0 && step < MOST_STEPS; step++) {
            clock.advance(STEP);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }
}
