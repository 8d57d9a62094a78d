package io.mediaproxy.embedded.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An Error in a task, a timer, a handler or the clock does not end the loop. */
@Timeout(20)
class SelectorLoopTest {
    private final Error error = new AssertionError("thrown by a test");

    private final AtomicBoolean clockFails = new AtomicBoolean();
    private final SelectorLoop loop = new SelectorLoop("loop-under-test", this::nanoTime);

    private long nanoTime() {
        if (clockFails.getAndSet(false)) {
            throw error;
        }
        return 0;
    }

    @AfterEach
    void stop() {
        loop.close();
    }

    private void fail() {
        throw error;
    }

    @Test
    void shouldCompleteACallWhoseTaskThrowsAnError() {
        loop.start();

        assertThatThrownBy(() -> loop.call(() -> {
                    throw error;
                }))
                .isInstanceOf(CompletionException.class)
                .hasCause(error);
        assertThat(loop.<String>call(() -> "next")).isEqualTo("next");
    }

    @Test
    void shouldContinueAfterErrorsInTasksTimersAndTheClock() {
        loop.schedule(0, this::fail);
        loop.start();
        assertThat(loop.execute(this::fail)).isTrue();
        assertThat(loop.<String>call(() -> "after the task")).isEqualTo("after the task");
        clockFails.set(true);

        assertThat(loop.<String>call(() -> "before the clock")).isEqualTo("before the clock");
        assertThat(loop.<String>call(() -> "after the clock")).isEqualTo("after the clock");
    }

    @Test
    void shouldCloseAChannelWhoseHandlerThrowsAnError() throws Exception {
        Pipe pipe = Pipe.open();
        CompletableFuture<Void> called = new CompletableFuture<>();
        loop.register(pipe.source(), SelectionKey.OP_READ, key -> {
            called.complete(null);
            fail();
        });
        loop.start();

        pipe.sink().write(ByteBuffer.allocate(1));
        called.get(20, TimeUnit.SECONDS);

        assertThat(loop.<Boolean>call(() -> pipe.source().isOpen())).isFalse();
        pipe.sink().close();
    }
}
