package io.mediaproxy.protocol;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends the commands of each call to one of several dispatchers. Thread-safe. A pool of one dispatcher is its client
 * and nothing else.
 *
 * <ul>
 *   <li>Each dispatcher has a {@link DispatcherClient}: its own connections, queue and late replies.
 *   <li>A new call gets the dispatcher with the highest score for its Call-ID, by weighted rendezvous hashing. The
 *       first update that succeeds makes that dispatcher the home of the call. Weights, draining and the return of
 *       another dispatcher move no call.
 *   <li>A dispatcher that cannot be reached, or fails three times in a row, or answers most updates with {@code error}
 *       although another one does not, gets no more commands. After 10 s, then 20, 40 and 60 s, a probe finds out
 *       whether it is back.
 *   <li>A call whose home is gone moves with its next command, and names its relay in {@code media_relay}, so that its
 *       ports stay. A command of which nothing was written goes to one other dispatcher within the same timeout. So
 *       does an answer that may have run, or whose dispatcher is silent; an offer that may have run is never repeated.
 *   <li>A new call whose dispatcher is slow, or has too much to do, goes to another one.
 *   <li>A removal goes to each dispatcher that may have a session of the call.
 * </ul>
 */
public final class DispatcherPool implements AutoCloseable {
    /** Most dispatchers of a pool. */
    public static final int MAX_DISPATCHERS = 32;

    private final List<PoolMember> members;
    private final Map<String, String> relayAliases;
    private final DispatcherConfig config;
    private final NanoClock clock;
    /** The client of a pool that has no choice. */
    private final @Nullable DispatcherClient only;

    private DispatcherPool(DispatcherConfig config, List<PoolMember> members, Map<String, String> relayAliases) {
        this.config = config;
        this.members = List.copyOf(members);
        this.relayAliases = Map.copyOf(relayAliases);
        this.clock = config.clock();
        this.only = members.size() == 1 ? members.get(0).client : null;
    }

    /**
     * Starts the clients of all dispatchers. They connect when the first command is sent.
     *
     * @param config the limits of each client; its socket is not used
     * @param dispatchers 1 to {@value #MAX_DISPATCHERS}, with different paths
     * @param relayAliases for relays that advertise another address than the one that they connect from: the dispatcher
     *     knows them by the latter. From the advertised IPv4 address to the other one
     * @return a running pool, to be closed by the caller
     * @throws IllegalArgumentException if the number of dispatchers is out of its range, or two have the same path
     * @throws DispatcherUnreachableException as {@link DispatcherClient#open}
     */
    public static DispatcherPool open(
            DispatcherConfig config, List<Dispatcher> dispatchers, Map<String, String> relayAliases) {
        return open(
                config,
                dispatchers,
                relayAliases,
                () -> ThreadLocalRandom.current().nextDouble());
    }

    static DispatcherPool open(
            DispatcherConfig config,
            List<Dispatcher> dispatchers,
            Map<String, String> relayAliases,
            DoubleSupplier random) {
        long paths = dispatchers.stream().map(Dispatcher::socket).distinct().count();
        if (dispatchers.isEmpty() || dispatchers.size() > MAX_DISPATCHERS || paths < dispatchers.size()) {
            throw new IllegalArgumentException(
                    "a pool has 1 to " + MAX_DISPATCHERS + " dispatchers with different paths, not " + dispatchers);
        }
        List<PoolMember> members = new ArrayList<>();
        try {
            for (Dispatcher dispatcher : dispatchers) {
                DispatcherConfig ofMember = config.forMember(dispatcher.socket(), members.size(), dispatchers.size());
                members.add(new PoolMember(
                        members.size(), dispatcher, DispatcherClient.open(ofMember), config.clock(), random));
            }
        } catch (RuntimeException | Error e) {
            members.forEach(member -> member.client.close());
            throw e;
        }
        return new DispatcherPool(config, members, relayAliases);
    }

    /**
     * Returns the place of a new call among the dispatchers.
     *
     * @return to be given with each command of the call, and with no other call
     */
    public CallHome newCall() {
        return only == null ? new CallHome() : CallHome.ALWAYS_THE_SAME;
    }

    /**
     * Sends an offer or answer to the home of its call, or to the dispatcher that the call gets.
     *
     * @param call of {@link #newCall()}
     * @param command the offer or answer
     * @param onLate as in {@link DispatcherClient#update(UpdateCommand, Consumer)}; not called if another dispatcher
     *     has taken over the call meanwhile
     * @return as {@link DispatcherClient#update(UpdateCommand, Consumer)}
     */
    public CompletableFuture<DispatcherReply> update(
            CallHome call, UpdateCommand command, Consumer<DispatcherReply.Endpoints> onLate) {
        if (only != null) {
            return only.update(withAlias(command), onLate);
        }
        long now = clock.nanoTime();
        PoolMember member = memberFor(call, command.callId(), now);
        if (member == null) {
            return noneLeft(command);
        }
        CompletableFuture<DispatcherReply> result = new CompletableFuture<>();
        new UpdateAttempts(this, call, command, onLate, now, result).begin(member);
        return result;
    }

    /**
     * Removes the session of a call that is over, at every dispatcher that may have one. Those that are given up for
     * now are not asked, and nothing waits for them: the future fails, and the same command has to be sent again later.
     *
     * @param call of {@link #newCall()}
     * @param command the call
     * @return {@link DispatcherReply.Removed}, or {@link DispatcherReply.Error} if no dispatcher knows such a session
     */
    public CompletableFuture<DispatcherReply> remove(CallHome call, RemoveCommand command) {
        if (only != null) {
            return only.remove(command);
        }
        long now = clock.nanoTime();
        int holders = call.holders();
        if (holders == 0) {
            PoolMember member = best(command.callId(), null, now);
            return member == null ? noneLeft(command) : removeAt(member, call, command);
        }
        CompletableFuture<DispatcherReply> result = CompletableFuture.completedFuture(new DispatcherReply.Error());
        for (PoolMember member : members) {
            if ((holders & (1 << member.index)) != 0) {
                result = result.thenCombine(removeAt(member, call, command), DispatcherPool::combined);
            }
        }
        return result;
    }

    private static DispatcherReply combined(DispatcherReply one, DispatcherReply other) {
        return one instanceof DispatcherReply.Removed ? one : other;
    }

    CompletableFuture<DispatcherReply> removeAt(PoolMember member, CallHome call, RemoveCommand command) {
        CompletableFuture<DispatcherReply> result = new CompletableFuture<>();
        if (!member.circuit.isClosed()) {
            result.completeExceptionally(new DispatcherUnreachableException(
                    "dispatcher " + member.dispatcher.socket() + " is given up for now", notSent(command), null));
            return result;
        }
        member.send(command, late -> {}, clock.nanoTime(), (reply, failure) -> {
            if (reply != null) {
                call.holdsNothing(member.index);
                result.complete(reply);
            } else if (failure != null) {
                result.completeExceptionally(failure);
            }
        });
        return result;
    }

    /** Returns the dispatcher for the next update of a call, or null if none is healthy. */
    private @Nullable PoolMember memberFor(CallHome call, String callId, long now) {
        int home = call.home();
        if (home >= 0 && members.get(home).circuit.isClosed()) {
            return members.get(home);
        }
        return best(callId, null, now);
    }

    /**
     * Returns the dispatcher with the highest score for a call among those that answer promptly; if none does, among
     * all that take calls; or null if there is none.
     */
    @Nullable PoolMember best(String callId, @Nullable PoolMember except, long now) {
        PoolMember prompt = best(callId, except, now, true);
        return prompt == null ? best(callId, except, now, false) : prompt;
    }

    private @Nullable PoolMember best(String callId, @Nullable PoolMember except, long now, boolean promptOnly) {
        PoolMember best = null;
        double highest = 0;
        for (PoolMember member : members) {
            boolean isLeftOut = member == except || (promptOnly && !isPrompt(member));
            double score = isLeftOut ? 0 : member.score(callId, now);
            if (score > highest) {
                highest = score;
                best = member;
            }
        }
        return best;
    }

    /** Returns whether a dispatcher answers within a quarter of the timeout; one that stalls does not. */
    private boolean isPrompt(PoolMember member) {
        return member.client.load().answerTime().toNanos() < timeoutNanos() / 4;
    }

    /** Gives up a dispatcher that answers most updates with {@code error}, if another one shows that it can be done. */
    void ejectIfErrorsAreMany(PoolMember member, long now) {
        if (!member.updateErrors.areMany(now)) {
            return;
        }
        for (PoolMember other : members) {
            if (other != member && other.circuit.isClosed() && other.updateErrors.areFew(now)) {
                member.giveUp("it answers most updates with error, others do not", now);
                return;
            }
        }
    }

    /**
     * Returns how fast the dispatchers answer now: the load of all that take new calls.
     *
     * @return the load at this moment; {@link DispatcherLoad#NONE} if no dispatcher takes new calls
     */
    public DispatcherLoad load() {
        if (only != null) {
            return only.load();
        }
        DispatcherLoad load = null;
        for (PoolMember member : members) {
            if (member.circuit.isClosed() && !member.isDrained()) {
                DispatcherLoad own = member.client.load();
                load = load == null ? own : load.and(own);
            }
        }
        return load == null ? DispatcherLoad.NONE : load;
    }

    UpdateCommand withAlias(UpdateCommand command) {
        String address = relayAliases.get(command.mediaRelay());
        return address == null ? command : command.withMediaRelay(address);
    }

    private CompletableFuture<DispatcherReply> noneLeft(DispatcherCommand command) {
        return CompletableFuture.failedFuture(
                new DispatcherUnreachableException("every dispatcher is given up or drained", notSent(command), null));
    }

    CommandContext notSent(DispatcherCommand command) {
        return CommandContext.of(command, Duration.ZERO, 0, config, new ClientLoad(config.queueCapacity()));
    }

    NanoClock clock() {
        return clock;
    }

    long timeoutNanos() {
        return config.timeout().toNanos();
    }

    /**
     * Sends a dispatcher no new calls, until {@link #undrain}. Its calls stay.
     *
     * @param socket its path
     * @throws IllegalArgumentException if the pool has no such dispatcher
     */
    public void drain(Path socket) {
        member(socket).drain(true);
    }

    /**
     * Sends a dispatcher new calls again.
     *
     * @param socket its path
     * @throws IllegalArgumentException if the pool has no such dispatcher
     */
    public void undrain(Path socket) {
        member(socket).drain(false);
    }

    private PoolMember member(Path socket) {
        for (PoolMember member : members) {
            if (member.dispatcher.socket().equals(socket)) {
                return member;
            }
        }
        throw new IllegalArgumentException("no dispatcher of this pool: " + socket);
    }

    /**
     * Returns the dispatchers that get no new calls.
     *
     * @return their paths
     */
    public List<Path> drained() {
        return members.stream()
                .filter(PoolMember::isDrained)
                .map(member -> member.dispatcher.socket())
                .toList();
    }

    /**
     * Returns the dispatchers of the pool.
     *
     * @return their paths
     */
    public List<Path> sockets() {
        return members.stream().map(member -> member.dispatcher.socket()).toList();
    }

    /** Closes all clients, see {@link DispatcherClient#close()}. */
    @Override
    public void close() {
        members.forEach(member -> member.client.close());
    }
}
