package io.mediaproxy.protocol;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One update on its way to at most two dispatchers of a pool. Thread-safe.
 *
 * <p>An offer goes to another dispatcher only if nothing of it was written: the relay would take it for an answer if it
 * came twice. An answer may come twice, since the relay ignores what it has already. So it also goes to another one if
 * its dispatcher fails in any other way, or is silent for half the timeout. Its offer has a relay: without one in the
 * answer, only one side would be heard.
 */
final class UpdateAttempts {
    private final DispatcherPool pool;
    private final CallHome call;
    private final UpdateCommand command;
    private final Consumer<DispatcherReply.Endpoints> onLate;
    private final long submittedNanos;
    private final CompletableFuture<DispatcherReply> result;
    private final boolean isAnswer;

    /** Attempts whose end is not known. */
    private int running;

    private boolean hasSecond;
    private boolean succeeded;

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
        this.isAnswer = call.hasExchange(command);
    }

    /** Sends the update to its dispatcher. */
    void begin(PoolMember member) {
        send(member, false);
        if (isAnswer) {
            long half = pool.timeoutNanos() / 2;
            member.client.runAt(submittedNanos + half, new SilenceCheck(member));
        }
    }

    /** Sends an answer to another dispatcher if its own one is silent: it may stall. */
    private final class SilenceCheck implements Timers.Task {
        private final PoolMember member;

        SilenceCheck(PoolMember member) {
            this.member = member;
        }

        @Override
        public boolean isNeeded() {
            return !result.isDone();
        }

        @Override
        public void run() {
            long now = pool.clock().nanoTime();
            long silentAtNanos = member.lastReplyNanos() + pool.timeoutNanos() / 4;
            if (silentAtNanos - now > 0) {
                member.client.runAt(silentAtNanos, this); // it may be this relay alone that stalls
            } else {
                PoolMember other = second(member, now);
                if (other != null) {
                    send(other, true);
                }
            }
        }
    }

    /** Returns the dispatcher for the second attempt; null if there is none left, it was made, or is not needed. */
    private synchronized @Nullable PoolMember second(PoolMember first, long now) {
        PoolMember other = hasSecond || succeeded || result.isDone() ? null : pool.best(command.callId(), first, now);
        hasSecond |= other != null;
        return other;
    }

    private void send(PoolMember member, boolean isSecond) {
        boolean isNew = call.sending(member.index);
        synchronized (this) {
            running++;
        }
        member.send(withRelayOfCall(), late -> arrivedLate(member, late), submittedNanos, (reply, failure) -> {
            if (failure != null) {
                failed(member, failure, isNew);
            } else if (reply instanceof DispatcherReply.Endpoints endpoints && isSecond && leftTheRelay(endpoints)) {
                remove(member);
                ended(new DispatcherUnreachableException(
                        "dispatcher " + member.dispatcher.socket() + " does not reach the relay of the call",
                        pool.notSent(command),
                        null));
            } else if (reply != null) {
                succeeded(member, reply);
            }
        });
    }

    /** An answer with a relay that its offer does not have would be of no use. */
    private boolean leftTheRelay(DispatcherReply.Endpoints endpoints) {
        return isAnswer && !endpoints.address().equals(call.relay());
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
        boolean isFirst;
        synchronized (this) {
            running--;
            isFirst = !succeeded;
            succeeded = true;
            if (isFirst) {
                call.succeeded(member.index, command, reply);
            }
        }
        if (!isFirst) {
            if (reply instanceof DispatcherReply.Endpoints endpoints) {
                arrivedLate(member, endpoints);
            }
        } else if (!result.complete(reply) && reply instanceof DispatcherReply.Endpoints endpoints) {
            onLate.accept(endpoints); // the caller has cancelled it
        }
    }

    private void failed(PoolMember member, Throwable failure, boolean isNew) {
        long now = pool.clock().nanoTime();
        if (failure instanceof DispatcherErrorException) {
            pool.ejectIfErrorsAreMany(member, now);
        }
        if (isNew && leftNothing(failure)) {
            call.holdsNothing(member.index);
        }
        boolean isInTime = submittedNanos + pool.timeoutNanos() - now > 0;
        PoolMember other = isInTime && mayGoOn(failure) ? second(member, now) : null;
        if (other != null) {
            send(other, true);
        }
        ended(failure);
    }

    private boolean mayGoOn(Throwable failure) {
        return PoolMember.isHard(failure)
                || (isAnswer && !(failure instanceof DispatcherErrorException))
                || (failure instanceof QueueFullException && call.home() < 0); // a new call goes where there is room
    }

    /** The last attempt that ends is the outcome, unless one succeeded. */
    private void ended(Throwable failure) {
        boolean isLast;
        synchronized (this) {
            isLast = --running == 0 && !succeeded;
        }
        if (isLast) {
            result.completeExceptionally(failure);
        }
    }

    private static boolean leftNothing(Throwable failure) {
        return failure instanceof DispatcherErrorException
                || (failure instanceof MediaProxyException refused && refused.isRetrySafe());
    }

    private void arrivedLate(PoolMember member, DispatcherReply.Endpoints late) {
        member.showedLife();
        if (call.succeededLate(member.index, late)) {
            remove(member);
        } else if (!call.tookOver(member.index)) {
            onLate.accept(late);
        }
    }

    /** Removes a session that the call does not use. */
    private void remove(PoolMember member) {
        RemoveCommand orphan = new RemoveCommand(command.callId(), command.fromTag(), command.toTag());
        CompletableFuture<DispatcherReply> unused = pool.removeAt(member, call, orphan);
    }
}
