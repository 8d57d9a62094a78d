package io.mediaproxy.protocol;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.SelectorProvider;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/**
 * Plays interleavings of callers that submit commands with the I/O thread, which goes to sleep without a timeout. If no
 * caller woke it for a command, it would sleep for ever, and Lincheck would find that no thread can go on.
 */
public class IoLoopConcurrencyTest {
    private static final DispatcherConfig CONFIG = DispatcherConfig.builder(Path.of("/unused"))
            .clock(() -> 0)
            .maxConnections(1)
            .build();
    private static final RemoveCommand COMMAND = Commands.remove("c1");

    /** Has no keys. Waits for a wake-up, unless there is a timeout. */
    private static final class SleepOnly extends Selector {
        private final Semaphore wakeUps = new Semaphore(0);

        @Override
        public int select(Consumer<SelectionKey> action) {
            wakeUps.acquireUninterruptibly();
            return 0;
        }

        @Override
        public int select(Consumer<SelectionKey> action, long timeout) {
            return 0;
        }

        @Override
        public int selectNow(Consumer<SelectionKey> action) {
            return 0;
        }

        @Override
        public Selector wakeup() {
            wakeUps.release();
            return this;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public SelectorProvider provider() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Set<SelectionKey> keys() {
            return Set.of();
        }

        @Override
        public Set<SelectionKey> selectedKeys() {
            return Set.of();
        }

        @Override
        public int selectNow() {
            throw new UnsupportedOperationException();
        }

        @Override
        public int select(long timeout) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int select() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }

    /** The results of all operations in any order: each command is taken, and each round ends. */
    public static final class Results {
        @Operation
        public boolean submit() {
            return true;
        }

        @Operation
        public void sleepUntilThereIsWork() {
            // Ends.
        }
    }

    private final IoLoop loop;

    public IoLoopConcurrencyTest() {
        ClientLoad load = new ClientLoad(10);
        ConnectionPool connections = new ConnectionPool(() -> null, CONFIG, load); // its listener's backlog is full
        loop = new IoLoop(
                new SleepOnly(),
                new CommandLifecycle(CONFIG, connections, load),
                CONFIG.clock(),
                1,
                new ConcurrentLinkedQueue<>());
    }

    @Operation
    public boolean submit() {
        return loop.submit(new PendingCommand(COMMAND, late -> {}, 0, 1));
    }

    @Operation(runOnce = true, nonParallelGroup = "I/O thread")
    public void sleepUntilThereIsWork() throws IOException {
        loop.workAndSleep();
    }

    @Test
    void shouldWakeTheThreadForEachCommandThatNeedsIt() {
        new ModelCheckingOptions()
                .sequentialSpecification(Results.class)
                .threads(3)
                .actorsPerThread(1)
                .actorsBefore(0)
                .actorsAfter(0)
                .iterations(5)
                .invocationsPerIteration(100)
                .minimizeFailedScenario(false) // without a caller it sleeps for ever
                .check(IoLoopConcurrencyTest.class);
    }
}
