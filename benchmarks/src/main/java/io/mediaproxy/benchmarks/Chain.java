package io.mediaproxy.benchmarks;

import io.mediaproxy.protocol.DispatcherClient;
import io.mediaproxy.protocol.DispatcherReply;
import io.mediaproxy.protocol.UpdateCommand;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A caller that sends its next command on the client's thread, as soon as the previous one has a reply. */
@SuppressWarnings("FutureReturnValueIgnored") // accept() receives every failure and passes it on.
final class Chain implements BiConsumer<@Nullable DispatcherReply, @Nullable Throwable> {
    private final DispatcherClient client;
    private final UpdateCommand command;
    private CompletableFuture<DispatcherReply> end = new CompletableFuture<>();
    private int left;

    Chain(DispatcherClient client, UpdateCommand command) {
        this.client = client;
        this.command = command;
    }

    /** Sends this many commands; the future completes with the last reply or with the first failure. */
    CompletableFuture<DispatcherReply> run(int commands) {
        CompletableFuture<DispatcherReply> ending = new CompletableFuture<>();
        end = ending;
        left = commands;
        client.update(command).whenComplete(this);
        return ending;
    }

    @Override
    public void accept(@Nullable DispatcherReply reply, @Nullable Throwable failure) {
        left--;
        if (failure != null) {
            end.completeExceptionally(failure);
        } else if (left == 0) {
            end.complete(reply);
        } else {
            client.update(command).whenComplete(this);
        }
    }
}
