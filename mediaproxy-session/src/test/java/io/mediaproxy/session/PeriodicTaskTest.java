package io.mediaproxy.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PeriodicTaskTest {
    private static final String NAME = "repeating-test";

    private final CountDownLatch rounds = new CountDownLatch(3);
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

    private final PeriodicTask repeating = new PeriodicTask(NAME, Duration.ofMillis(1), this::round);

    private void round() {
        threads.add(Thread.currentThread());
        rounds.countDown();
        if (rounds.getCount() == 1) {
            throw new IllegalStateException("one round fails");
        }
        throw new AssertionError("another one, with an Error");
    }

    @Test
    void shouldContinueOnOneDaemonThreadAfterAFailedRunUntilClosed() throws InterruptedException {
        repeating.start();
        repeating.start();

        assertThat(rounds.await(20, TimeUnit.SECONDS)).isTrue();
        repeating.close();

        assertThat(threads).singleElement().satisfies(thread -> {
            assertThat(thread.isDaemon()).isTrue();
            assertThat(thread.getName()).isEqualTo(NAME);
            thread.join(20_000);
            assertThat(thread.isAlive()).isFalse();
        });
    }

    @Test
    void shouldNotStartOnceClosed() {
        repeating.close();

        repeating.start();

        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain(NAME);
    }
}
