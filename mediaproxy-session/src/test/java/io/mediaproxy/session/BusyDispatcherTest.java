package io.mediaproxy.session;

import static io.mediaproxy.session.Call.AUDIO;
import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.embedded.EmbeddedDispatcher;
import io.mediaproxy.protocol.QueueFullException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The only dispatcher stalls, or is too slow for its load, in real time. {@code -Dmediaproxy.stall.seconds} and
 * {@code -Dmediaproxy.stall.rate} set another stall, and another number of calls per second.
 */
@Tag("soak")
class BusyDispatcherTest {
    private static final int STALL_SECONDS = Integer.getInteger("mediaproxy.stall.seconds", 2);
    private static final int RATE = Integer.getInteger("mediaproxy.stall.rate", 100);
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    /** An offer of a new call. */
    private record Offer(long submitted, long done, MediaProxyResult result) {
        boolean isRelayed() {
            return result.outcome() == Outcome.REWRITTEN;
        }
    }

    private final EmbeddedDispatcher dispatcher = EmbeddedDispatcher.start();
    private final MediaProxy mediaProxy =
            MediaProxy.builder().dispatcherSocket(dispatcher.socket()).build();
    private final ScheduledExecutorService callers = Executors.newScheduledThreadPool(2);
    private final List<Offer> offers = new CopyOnWriteArrayList<>();
    private int calls;

    @AfterEach
    void stop() {
        callers.shutdownNow();
        mediaProxy.close();
        dispatcher.close();
    }

    private void call(String callId) {
        long submitted = System.nanoTime();
        CompletableFuture<Void> unused = mediaProxy
                .useMediaProxyAsync(new Call(callId).invite(AUDIO), CallAttributes.NONE)
                .thenAccept(result -> offers.add(new Offer(submitted, System.nanoTime(), result)));
    }

    /** Makes calls at a rate, and returns when all have their result. */
    private void load(int seconds, int rate) throws Exception {
        List<CompletableFuture<Void>> begun = new ArrayList<>();
        int before = offers.size();
        for (int i = 0; i < seconds * rate; i++) {
            String callId = "call-" + calls++;
            CompletableFuture<Void> call = new CompletableFuture<>();
            begun.add(call);
            Future<?> unused = callers.schedule(
                    () -> {
                        call(callId);
                        call.complete(null);
                    },
                    1_000_000L * i / rate,
                    TimeUnit.MICROSECONDS);
        }
        for (CompletableFuture<Void> call : begun) {
            call.get(seconds + 20L, TimeUnit.SECONDS);
        }
        while (offers.size() < before + begun.size()) {
            Thread.onSpinWait(); // each has its result within the timeout
        }
    }

    /** Allows for pauses of a busy machine: a command has 500 ms. */
    private static void shouldBeRelayed(List<Offer> some) {
        assertThat(some).isNotEmpty();
        assertThat(some.stream().filter(Offer::isRelayed).count()).isGreaterThan(some.size() * 9 / 10);
    }

    private List<Offer> submittedAfter(long nanos) {
        return offers.stream().filter(offer -> offer.submitted - nanos > 0).toList();
    }

    @Test
    void shouldRelayNewCallsWithinASecondOfTheEndOfAStall() throws Exception {
        load(1, RATE);
        dispatcher.stall(Duration.ofSeconds(STALL_SECONDS));
        long end = System.nanoTime() + STALL_SECONDS * SECOND;

        load(STALL_SECONDS + 2, RATE);

        assertThat(offers).anyMatch(offer -> offer.result.outcome() == Outcome.FAILED);
        shouldBeRelayed(submittedAfter(end + SECOND));
        long recovered = submittedAfter(end).stream()
                .filter(Offer::isRelayed)
                .mapToLong(Offer::done)
                .min()
                .orElseThrow();
        System.out.println("stall of " + STALL_SECONDS + " s at " + RATE + " calls/s: relayed again after "
                + (recovered - end) / 1_000_000 + " ms");
    }

    @Test
    void shouldRecoverFromTwiceTheLoadThatItCanCarry() throws Exception {
        load(1, 20); // loads the classes
        dispatcher.slowDown(Duration.ofMillis(20));
        offers.clear();

        load(4, 100);

        long relayed = offers.stream().filter(Offer::isRelayed).count();
        long refused = offers.stream()
                .filter(offer -> offer.result.failure().orElse(null) instanceof QueueFullException)
                .count();
        System.out.println("20 ms a command, 100 calls/s for 4 s: " + relayed + " relayed, " + refused
                + " refused at once, " + (offers.size() - relayed - refused) + " timed out");
        assertThat(relayed)
                .as("relayed, of 200 that it can carry on a quiet machine")
                .isGreaterThan(60);
        assertThat(offers)
                .filteredOn(offer -> offer.result.failure().orElse(null) instanceof QueueFullException)
                .allMatch(offer -> offer.done - offer.submitted < SECOND / 10);
        load(1, 35);
        offers.clear();
        load(2, 35);
        shouldBeRelayed(offers);
    }
}
