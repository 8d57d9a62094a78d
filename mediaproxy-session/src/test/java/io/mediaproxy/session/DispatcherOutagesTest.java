package io.mediaproxy.session;

import static io.mediaproxy.session.Call.AUDIO;
import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.embedded.EmbeddedDispatcher;
import io.mediaproxy.embedded.EmbeddedRelay;
import io.mediaproxy.protocol.Dispatcher;
import io.mediaproxy.protocol.NanoClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Phaser;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Calls through three dispatchers that share two relays, of which one after the other is killed, restarted and stalled.
 * A call has an offer and an answer, the same again a second later, and its end. For two minutes at 200 calls per
 * second: {@code -Dmediaproxy.outages.seconds=120 -Dmediaproxy.outages.rate=200}.
 */
class DispatcherOutagesTest {
    private static final int SECONDS = Integer.getInteger("mediaproxy.outages.seconds", 7);
    private static final int RATE = Integer.getInteger("mediaproxy.outages.rate", 50);
    private static final Duration TIMEOUT = Duration.ofSeconds(1); // twice the usual, for a busy machine
    /** A dispatcher gets commands until the first three have timed out. */
    private static final Duration UNTIL_GIVEN_UP = TIMEOUT.plusMillis(300);

    /** After that a dispatcher that was given up is back, whatever its probe was spread by. */
    private static final Duration UNTIL_BACK = Duration.ofSeconds(13);

    /** Real time, which the test can move forward. */
    private static final class MovedClock implements NanoClock {
        private final AtomicLong moved = new AtomicLong();
        private final List<Runnable> sleepers = new CopyOnWriteArrayList<>();

        @Override
        public long nanoTime() {
            return System.nanoTime() + moved.get();
        }

        @Override
        public void onJump(Runnable wakeUp) {
            sleepers.add(wakeUp);
        }

        void advance(Duration step) {
            moved.addAndGet(step.toNanos());
            sleepers.forEach(Runnable::run);
        }
    }

    /** A fault, and the time in which commands that it met may fail. */
    private record Outage(long from, long to) {}

    private final MovedClock clock = new MovedClock();
    private final List<EmbeddedRelay> relays = List.of(
            EmbeddedRelay.builder().bindAddress("127.0.0.1").start(),
            EmbeddedRelay.builder().bindAddress("127.9.9.9").start());
    private final List<EmbeddedDispatcher> dispatchers = new ArrayList<>();
    private final MediaProxy mediaProxy;

    private final ScheduledExecutorService callers = Executors.newScheduledThreadPool(2);
    private final Phaser calls = new Phaser(1);
    private final List<Outage> outages = new CopyOnWriteArrayList<>();

    private final List<String> faults = new CopyOnWriteArrayList<>();
    private final List<String> inFlight = new CopyOnWriteArrayList<>();

    DispatcherOutagesTest() {
        for (int i = 0; i < 3; i++) {
            dispatchers.add(EmbeddedDispatcher.builder()
                    .relays(relays.toArray(EmbeddedRelay[]::new))
                    .start());
        }
        mediaProxy = MediaProxy.builder()
                .dispatchers(dispatchers.stream()
                        .map(dispatcher -> Dispatcher.at(dispatcher.socket()))
                        .toArray(Dispatcher[]::new))
                .dispatcher(client -> client.clock(clock))
                .timeout(TIMEOUT)
                .build();
    }

    @AfterEach
    void stop() {
        callers.shutdownNow();
        mediaProxy.close();
        dispatchers.forEach(EmbeddedDispatcher::close);
        relays.forEach(EmbeddedRelay::close);
    }

    /** One call; its steps follow one another as the results arrive. */
    private final class Caller {
        private final Call call;
        private final MediaSession session;
        private MediaProxyResult first = MediaProxyResult.of(Outcome.FAILED, "no result yet");

        Caller(int number) {
            call = new Call("call-" + number + "@" + ThreadLocalRandom.current().nextLong());
            session = mediaProxy.session(call.callId(), "alice");
            calls.register();
        }

        void start() {
            long from = clock.nanoTime();
            CompletableFuture<Void> unused = session.offerAsync(call.invite(AUDIO), CallAttributes.NONE)
                    .thenAccept(result -> {
                        first = result;
                        check("offer", from, result);
                        later(50, this::answer);
                    });
        }

        private void answer() {
            long from = clock.nanoTime();
            CompletableFuture<Void> unused = session.answerAsync(call.response(200, AUDIO), CallAttributes.NONE)
                    .thenAccept(result -> {
                        checkAnswer(from, first, result);
                        later(1_000, this::offerAgain);
                    });
        }

        private void offerAgain() {
            long from = clock.nanoTime();
            CompletableFuture<Void> unused = session.offerAsync(call.reInvite(2, AUDIO), CallAttributes.NONE)
                    .thenAccept(result -> {
                        check("re-INVITE", from, result);
                        if (isRelayed(first)
                                && isRelayed(result)
                                && !result.relay().equals(first.relay())) {
                            faults.add("audio lost: " + first.relay() + " became " + result.relay());
                        }
                        later(50, () -> answerAgain(result));
                    });
        }

        private void answerAgain(MediaProxyResult offer) {
            long from = clock.nanoTime();
            CompletableFuture<Void> unused = session.answerAsync(
                            call.response(200, "2 INVITE", AUDIO), CallAttributes.NONE)
                    .thenAccept(result -> {
                        checkAnswer(from, offer, result);
                        later(500, this::end);
                    });
        }

        private void end() {
            CompletableFuture<?> unused = session.endAsync().whenComplete((result, failure) -> {
                if (failure != null) {
                    faults.add("end: " + failure);
                }
                calls.arriveAndDeregister();
            });
        }

        private void later(int millis, Runnable step) {
            Future<?> unused = callers.schedule(step, millis, TimeUnit.MILLISECONDS);
        }
    }

    private static boolean isRelayed(MediaProxyResult result) {
        return result.outcome() == Outcome.REWRITTEN || result.outcome() == Outcome.KEPT_RELAY;
    }

    private void checkAnswer(long from, MediaProxyResult offer, MediaProxyResult answer) {
        if (isRelayed(offer)) {
            check("half-relayed exchange: answer", from, answer);
        } else if (isRelayed(answer)) {
            faults.add("an answer got a relay, and its offer had none");
        }
    }

    private void check(String what, long from, MediaProxyResult result) {
        if (isRelayed(result)) {
            return;
        }
        long to = clock.nanoTime();
        boolean met = outages.stream().anyMatch(outage -> from - outage.to < 0 && to - outage.from > 0);
        (met ? inFlight : faults).add(what + ": " + result.outcome() + ", " + result.reason());
    }

    private void outage(int number) {
        EmbeddedDispatcher dispatcher = dispatchers.get(number % 3);
        long from = clock.nanoTime();
        outages.add(new Outage(from - 1_000_000, from + UNTIL_GIVEN_UP.toNanos()));
        if (number % 2 == 0) {
            dispatcher.kill();
            Future<?> unused = callers.schedule(() -> dispatcher.restart(), 1, TimeUnit.SECONDS);
        } else {
            dispatcher.stall(Duration.ofSeconds(3));
        }
    }

    private int sessions() {
        return relays.stream().mapToInt(relay -> relay.sessions().size()).sum();
    }

    @Test
    void shouldLoseNoCallWhileOneDispatcherIsHealthy() throws Exception {
        for (int i = 0; i < SECONDS * RATE; i++) {
            int number = i;
            Future<?> unused =
                    callers.schedule(() -> new Caller(number).start(), 1_000_000L * i / RATE, TimeUnit.MICROSECONDS);
        }
        int period = SECONDS < 30 ? 3 : 10; // a dispatcher that was given up comes back after 10 s
        for (int at = 1; at < SECONDS - 2; at += period) {
            int number = at / period;
            Future<?> unused = callers.schedule(() -> outage(number), at, TimeUnit.SECONDS);
        }
        CompletableFuture<Void> begun = new CompletableFuture<>();
        Future<?> unused = callers.schedule(() -> begun.complete(null), SECONDS, TimeUnit.SECONDS);
        begun.get(SECONDS + 20L, TimeUnit.SECONDS);
        calls.awaitAdvanceInterruptibly(calls.arrive(), 20, TimeUnit.SECONDS);

        int kept = mediaProxy.pendingRemovals();
        for (int i = 0; i < 20 && mediaProxy.pendingRemovals() > 0; i++) {
            clock.advance(UNTIL_BACK);
            PassingTime.of(mediaProxy); // sends probes
            PassingTime.of(mediaProxy);
        }

        long halfRelayed =
                inFlight.stream().filter(what -> what.startsWith("half")).count();
        System.out.println("calls " + SECONDS * RATE + ", exchanges in flight at a fault that failed " + inFlight.size()
                + " (half-relayed " + halfRelayed + "), other failures " + faults.size() + ", removals kept " + kept
                + ", sessions left " + sessions());
        assertThat(faults).isEmpty();
        assertThat(mediaProxy.pendingRemovals()).isZero();
        for (EmbeddedRelay relay : relays) {
            assertThat(relay.sessions())
                    .as("sessions of offers whose dispatcher was killed before its reply; no reply named their relay")
                    .allMatch(session -> inFlight.stream()
                            .anyMatch(what -> what.contains("the connection ended before the reply: update of call \""
                                    + session.callId() + '"')));
        }
    }
}
