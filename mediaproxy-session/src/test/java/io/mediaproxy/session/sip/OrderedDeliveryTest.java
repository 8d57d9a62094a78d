package io.mediaproxy.session.sip;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class OrderedDeliveryTest {
    private static final CompletableFuture<Void> READY = CompletableFuture.completedFuture(null);

    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final List<String> delivered = new ArrayList<>();
    private boolean refuses;
    private final OrderedDelivery delivery = new OrderedDelivery(this::execute);

    private void execute(Runnable task) {
        if (refuses) {
            throw new RejectedExecutionException("full");
        }
        tasks.add(task);
    }

    @Test
    void shouldDeliverOnTheSameThreadWhatTheExecutorRefuses() {
        CompletableFuture<Void> reply = new CompletableFuture<>();
        delivery.deliver("a", reply, () -> delivered.add("INVITE"));
        delivery.deliver("a", READY, () -> delivered.add("CANCEL"));
        refuses = true;

        reply.complete(null);

        assertThat(delivered).containsExactly("INVITE", "CANCEL");
        delivery.deliver("a", READY, () -> delivered.add("BYE"));
        assertThat(delivered).containsExactly("INVITE", "CANCEL", "BYE");
    }

    @Test
    void shouldDeliverTheNextMessageAfterAnErrorInADelivery() {
        CompletableFuture<Void> reply = new CompletableFuture<>();
        delivery.deliver("a", reply, () -> {
            throw new AssertionError("thrown by a test");
        });
        delivery.deliver("a", READY, () -> delivered.add("CANCEL"));

        reply.completeExceptionally(new IllegalStateException());
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
        delivery.deliver("a", READY, () -> {
            throw new AssertionError("thrown by a test");
        });

        assertThat(delivered).containsExactly("CANCEL");
    }
}
