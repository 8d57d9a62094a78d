package io.mediaproxy.session;

import io.mediaproxy.protocol.DispatcherClient;
import io.mediaproxy.protocol.DispatcherPool;
import io.mediaproxy.protocol.DispatcherReply;
import io.mediaproxy.protocol.RemoveCommand;
import io.mediaproxy.protocol.UpdateCommand;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Answers each command at once, in memory. Thread-safe. */
final class RehearsedDispatchers extends Dispatchers {
    RehearsedDispatchers(DispatcherPool pool) {
        super(pool);
    }

    @Override
    CompletableFuture<DispatcherReply> update(UpdateCommand command, Consumer<DispatcherReply.Endpoints> onLate) {
        return CompletableFuture.completedFuture(DispatcherClient.rehearse(command));
    }

    @Override
    CompletableFuture<DispatcherReply> remove(RemoveCommand command) {
        return CompletableFuture.completedFuture(DispatcherClient.rehearse(command));
    }
}
