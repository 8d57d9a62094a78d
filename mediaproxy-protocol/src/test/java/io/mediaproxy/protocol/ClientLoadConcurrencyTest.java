package io.mediaproxy.protocol;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/**
 * Plays interleavings of threads that take places in the queue of a client. The results have to be those of some order
 * of the same operations.
 */
public class ClientLoadConcurrencyTest {
    private static final UpdateCommand OFFER = Commands.update("c1");
    private static final UpdateCommand ANSWER = Commands.answer("c1");
    private static final RemoveCommand REMOVE = Commands.remove("c1");

    private final ClientLoad load = new ClientLoad(2);

    public ClientLoadConcurrencyTest() {
        load.limit(1, 2, 2);
    }

    @Operation
    public boolean offer() {
        return load.tryAccept(OFFER, 0);
    }

    @Operation
    public boolean answer() {
        return load.tryAccept(ANSWER, 0);
    }

    @Operation
    public boolean remove() {
        return load.tryAccept(REMOVE, 0);
    }

    @Operation
    public void release() {
        load.release(OFFER);
    }

    @Operation
    public void releaseAnswer() {
        load.release(ANSWER);
    }

    @Test
    void shouldRefuseACommandOnlyIfThereIsNoRoom() {
        new ModelCheckingOptions()
                .threads(3)
                .actorsPerThread(1)
                .actorsBefore(1)
                .actorsAfter(0)
                .iterations(20)
                .invocationsPerIteration(100)
                .check(ClientLoadConcurrencyTest.class);
    }
}
