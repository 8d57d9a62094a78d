package io.mediaproxy.protocol;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * One update on its way to at most two dispatchers of a pool. The attempts follow one another, and all state that
 * changes is in {@link CallHome}. Thread-safe.
 */
final class UpdateAttempts {
    private final DispatcherPool pool;
    private final CallHome call;
    private final UpdateCommand command;
    private final Consumer<DispatcherReply.Endpoints> onLate;
    private final long submittedNanos;
    private final CompletableFuture<DispatcherReply> result;

    UpdateAttempts(
            DispatcherPool pool,
            CallHome call,
            UpdateCommand command,
            Consumer<DispatcherReply.Endpoints> onLate,
            long submittedNanos,
            CompletableFuture<DispatcherReply> result) {
        this.pool = pool;
        this.call = call;
        this.command = command;
        this.onLate = onLate;
        this.submittedNanos = submittedNanos;
        this.result = result;
    }

    /**
     * Sends the update to a dispatcher.
     *
     * @param mayTryAnother whether this is the first attempt
     */
    void send(PoolMember member, boolean mayTryAnother) {
        boolean isNew = call.sending(member.index);
        member.send(withRelayOfCall(), late -> arrivedLate(member, late), submittedNanos, (reply, failure) -> {
            if (reply != null) {
                succeeded(member, reply);
            } else if (failure != null) {
                failed(member, failure, isNew, mayTryAnother);
            }
        });
    }

    /**
     * A call takes its relay along, which keeps its ports, and the audio continues: to another dispatcher, and to its
     * home after a restart, which then knows neither the call nor its relay. A dispatcher that knows the call ignores
     * it.
     */
    private UpdateCommand withRelayOfCall() {
        String relay = call.relay();
        return pool.withAlias(
                relay == null || relay.equals(command.mediaRelay()) ? command : command.withMediaRelay(relay));
    }

    private void succeeded(PoolMember member, DispatcherReply reply) {
        call.succeeded(member.index, reply);
        if (!result.complete(reply) && reply instanceof DispatcherReply.Endpoints endpoints) {
            onLate.accept(endpoints); // the caller has cancelled it
        }
    }

    private void failed(PoolMember member, Throwable failure, boolean isNew, boolean mayTryAnother) {
        long now = pool.clock().nanoTime();
        if (failure instanceof DispatcherErrorException) {
            pool.ejectIfErrorsAreMany(member, now);
        }
        if (isNew && leftNothing(failure)) {
            call.holdsNothing(member.index);
        }
        PoolMember other =
                mayTryAnother && PoolMember.isHard(failure) ? pool.best(command.callId(), member, now) : null;
        if (other == null) {
            result.completeExceptionally(failure);
        } else {
            send(other, false);
        }
    }

    private static boolean leftNothing(Throwable failure) {
        return failure instanceof DispatcherErrorException
                || (failure instanceof MediaProxyException refused && refused.isRetrySafe());
    }

    private void arrivedLate(PoolMember member, DispatcherReply.Endpoints late) {
        long now = pool.clock().nanoTime();
        member.circuit.showedLife(now);
        if (call.succeededLate(member.index, late)) {
            RemoveCommand orphan = new RemoveCommand(command.callId(), command.fromTag(), command.toTag());
            CompletableFuture<DispatcherReply> unused = pool.removeAt(member, call, orphan);
        } else if (!call.tookOver(member.index)) {
            onLate.accept(late);
        }
    }
}
