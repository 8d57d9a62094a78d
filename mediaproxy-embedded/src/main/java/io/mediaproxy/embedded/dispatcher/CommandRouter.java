package io.mediaproxy.embedded.dispatcher;

import io.mediaproxy.embedded.log.Log;
import io.mediaproxy.embedded.loop.SelectorLoop;
import io.mediaproxy.embedded.relay.DispatcherLink;
import io.mediaproxy.embedded.relay.Relay;
import io.mediaproxy.embedded.relay.RelayReply;
import io.mediaproxy.embedded.report.SessionListener;
import io.mediaproxy.embedded.report.SessionStatistics;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Forwards each command to the relay that has the call. The dispatcher identifies a call by its Call-ID alone, and
 * stores for each the relay and the {@code dialog_id} of the update that created it. Confined to the dispatcher thread.
 *
 * <pre>
 * the call is           update                   remove        any other command
 * alive                 its relay                its relay     its relay
 * timed out             as unknown               removed       error
 * unknown               relays, one by one,      error         error
 *                       until one accepts it
 * </pre>
 *
 * <p>An {@code error} or {@code removed} of the dispatcher itself is sent at once, a relay's reply when it comes. So
 * replies on one connection overtake each other, as those of the real dispatcher do.
 */
final class CommandRouter {
    static final String ERROR = "error";
    private static final String REMOVED = "removed";
    private static final long RECONNECT_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long FORGET_EXPIRED_NANOS = TimeUnit.HOURS.toNanos(24);
    private static final Log LOG = Log.of(CommandRouter.class);

    /** A relay that is connected, or was dropped and will be connected again. */
    private final class Link implements DispatcherLink {
        private final Relay relay;
        private boolean halting;
        private boolean dropped;

        Link(Relay relay) {
            this.relay = relay;
        }

        @Override
        public String dispatcher() {
            return dispatcher;
        }

        @Override
        public void expired(SessionStatistics statistics) {
            loop.execute(() -> pace.handle(() -> sessionExpired(this, statistics)));
        }

        @Override
        public void disconnected() {
            loop.execute(() -> links.remove(relay.address(), this));
        }
    }

    /** A call that the dispatcher knows. */
    private static final class Call {
        private final String relayAddress;
        private final @Nullable String dialogId;
        /** When the call timed out; null while it is alive. */
        private @Nullable Long expiredNanos;

        Call(String relayAddress, @Nullable String dialogId) {
            this.relayAddress = relayAddress;
            this.dialogId = dialogId;
        }

        boolean isAliveOn(Relay relay) {
            return expiredNanos == null && relayAddress.equals(relay.address());
        }
    }

    private final SelectorLoop loop;
    private final Pace pace;
    private final String dispatcher;
    private final LongSupplier clock;
    private final Random random;
    private final SessionListener listener;
    private final BackChannel backChannel;
    private final Map<String, Link> links = new LinkedHashMap<>();
    private final Map<String, Call> calls = new LinkedHashMap<>();
    private int unanswered;
    private boolean ended;

    /**
     * Creates a router without relays and calls.
     *
     * @param dispatcher by which relays know it: the path of its socket
     */
    CommandRouter(
            SelectorLoop loop, Pace pace, DispatcherSettings settings, String dispatcher, BackChannel backChannel) {
        this.loop = loop;
        this.pace = pace;
        this.dispatcher = dispatcher;
        this.clock = settings.clock();
        this.random = settings.random();
        this.listener = settings.sessionListener();
        this.backChannel = backChannel;
    }

    /**
     * Connects a relay. It replaces one with the same address, and calls of that address that it does not have are
     * forgotten.
     */
    void connect(Relay relay) {
        replace(new Link(relay));
        purge(relay);
    }

    /** Connects a relay after a time. Until then it counts as dropped. */
    void connect(Relay relay, long awayNanos) {
        if (awayNanos == 0) {
            connect(relay);
            return;
        }
        Link link = new Link(relay);
        link.dropped = true;
        replace(link);
        loop.schedule(awayNanos, () -> reconnect(link));
    }

    /**
     * Drops the connection of a relay, for a time.
     *
     * @throws IllegalArgumentException the relay is not connected
     */
    void disconnect(Relay relay, long awayNanos) {
        Link link = links.get(relay.address());
        if (link == null || link.relay != relay) {
            throw new IllegalArgumentException("relay " + relay.address() + " is not connected");
        }
        connect(relay, awayNanos);
    }

    private void replace(Link link) {
        Link replaced = links.put(link.relay.address(), link);
        if (replaced != null) {
            replaced.dropped = true;
            replaced.relay.disconnect(replaced);
        }
        link.relay.connect(link);
    }

    /**
     * Forgets the calls of this relay that it does not have, and asks the SIP server to end them, answered or not. If
     * the SIP server does not listen, the real dispatcher fails at the first call, and that one and the rest stay
     * known.
     */
    private void purge(Relay relay) {
        List<String> known = calls.entrySet().stream()
                .filter(call -> call.getValue().isAliveOn(relay))
                .map(Map.Entry::getKey)
                .toList();
        if (known.isEmpty()) {
            return;
        }
        Set<String> held = relay.callIds();
        List<String> lost =
                known.stream().filter(callId -> !held.contains(callId)).toList();
        if (!lost.isEmpty()) {
            LOG.warn("relay {} has lost {} calls", relay.address(), lost.size());
        }
        for (String callId : lost) {
            String dialogId = Objects.requireNonNull(calls.get(callId)).dialogId;
            if (dialogId != null && !backChannel.endDialog(dialogId)) {
                return;
            }
            calls.remove(callId);
        }
    }

    /** Disconnects all relays. Replies that they still owe have no effect. */
    void end() {
        ended = true;
        links.values().forEach(link -> link.relay.disconnect(link));
    }

    List<Relay> relays() {
        return links.values().stream()
                .map(link -> link.relay)
                .filter(Relay::isOpen)
                .toList();
    }

    /**
     * Executes a command.
     *
     * @param reply receives the line without its end, on this thread, at once or later; in some cases never
     */
    void route(Command command, Consumer<String> reply) {
        if (command.defect() != null) {
            LOG.debug("a command was refused: {}", command.defect());
            reply.accept(ERROR);
            return;
        }
        Call call = calls.get(command.callId());
        if (call != null && call.expiredNanos == null) {
            Link link = links.get(call.relayAddress);
            if (link == null || link.dropped) {
                LOG.debug("relay {} of a call is not connected", call.relayAddress);
                reply.accept(ERROR);
            } else {
                ask(link, command, answer -> answerFromCallsRelay(link, answer, reply));
            }
        } else if (command.name().equals("update")) {
            tryNext(candidates(command), command, reply);
        } else if (command.name().equals("remove") && call != null) {
            calls.remove(command.callId());
            reply.accept(REMOVED);
        } else {
            LOG.debug("a command was refused: its call is unknown");
            reply.accept(ERROR);
        }
    }

    private void ask(Link link, Command command, Consumer<RelayReply> onReply) {
        unanswered++;
        link.relay.send(
                command.toRelay(),
                dispatcher,
                answer -> loop.execute(() -> {
                    unanswered--;
                    pace.handle(() -> answered(link, answer, onReply));
                }));
    }

    private void answered(Link link, RelayReply answer, Consumer<RelayReply> onReply) {
        if (!ended) {
            onReply.accept(link.dropped ? RelayReply.Failure.DISCONNECTED : answer);
        }
    }

    private void answerFromCallsRelay(Link link, RelayReply answer, Consumer<String> reply) {
        if (answer instanceof RelayReply.Line line) {
            reply.accept(line.text());
        } else if (answer instanceof RelayReply.Removed removed) {
            removed(removed.statistics(), reply);
        } else {
            link.halting |= answer == RelayReply.Failure.HALTING;
            reply.accept(ERROR);
        }
    }

    private void removed(SessionStatistics statistics, Consumer<String> reply) {
        Call call = calls.remove(statistics.callId());
        if (call == null) {
            // Two removes of one Call-ID were in flight. The real dispatcher fails at the second one, without a reply.
            LOG.debug("a call was removed twice at once, the second remove gets no reply");
            return;
        }
        report(ended(statistics, call.dialogId, false));
        reply.accept(REMOVED);
    }

    boolean waitsForRelay() {
        return unanswered > 0;
    }

    /** The relays for a new call: the one that the command prefers, then the others in random order. */
    private Deque<Link> candidates(Command command) {
        String preferred = command.header("media_relay");
        List<Link> others = new ArrayList<>();
        Link first = null;
        for (Link link : links.values()) {
            if (!link.halting && !link.dropped) {
                if (link.relay.address().equals(preferred)) {
                    first = link;
                } else {
                    others.add(link);
                }
            }
        }
        Collections.shuffle(others, random);
        Deque<Link> candidates = new ArrayDeque<>(others);
        if (first != null) {
            candidates.addFirst(first);
        } else if (preferred != null) {
            LOG.debug("the preferred relay is not available");
        }
        return candidates;
    }

    private void tryNext(Deque<Link> candidates, Command command, Consumer<String> reply) {
        Link link = candidates.poll();
        if (link == null) {
            LOG.debug("no relay accepts a new call");
            reply.accept(ERROR);
            return;
        }
        ask(link, command, answer -> {
            if (answer instanceof RelayReply.Line line) {
                calls.put(command.callId(), new Call(link.relay.address(), command.header("dialog_id")));
                reply.accept(line.text());
            } else {
                link.halting |= answer == RelayReply.Failure.HALTING;
                tryNext(candidates, command, reply);
            }
        });
    }

    private void sessionExpired(Link link, SessionStatistics statistics) {
        String callId = statistics.callId();
        if (link.dropped || links.get(link.relay.address()) != link) {
            LOG.debug("relay {} is not connected, the end of a session is not noticed", link.relay.address());
            return;
        }
        Call call = calls.get(callId);
        if (call == null || !call.relayAddress.equals(link.relay.address())) {
            LOG.debug("relay {} ended an unknown session", link.relay.address());
            return;
        }
        boolean timedOut = !statistics.allStreamsIce();
        report(ended(statistics, call.dialogId, timedOut));
        if (!timedOut || call.dialogId == null || statistics.startTime() == null) {
            calls.remove(callId);
        } else if (backChannel.endDialog(call.dialogId)) {
            call.expiredNanos = clock.getAsLong();
        } else {
            drop(link);
        }
    }

    /**
     * Drops a relay's connection, as the real dispatcher does when the SIP server does not listen: its error handler
     * fails while it reads from the relay. The call counts as alive until the relay is connected again.
     */
    private void drop(Link link) {
        LOG.warn("the connection of relay {} is dropped, since the SIP server does not listen", link.relay.address());
        connect(link.relay, RECONNECT_NANOS);
    }

    private void reconnect(Link link) {
        if (ended || links.get(link.relay.address()) != link) {
            return;
        }
        link.dropped = false;
        try {
            purge(link.relay);
        } catch (IllegalStateException e) {
            LOG.debug("relay {} closed before it was connected again: {}", link.relay.address(), e.getMessage());
        }
    }

    private static SessionStatistics ended(SessionStatistics session, @Nullable String dialogId, boolean timedOut) {
        return new SessionStatistics(
                session.callId(),
                session.fromTag(),
                session.fromUri(),
                session.toTag(),
                session.toUri(),
                session.startTime(),
                session.duration(),
                session.callerUserAgent(),
                session.calleeUserAgent(),
                session.username(),
                session.streams(),
                dialogId,
                timedOut);
    }

    private void report(SessionStatistics statistics) {
        try {
            listener.onSessionEnded(statistics);
        } catch (RuntimeException e) {
            LOG.error("the session listener failed", e);
        }
    }

    /** Forgets calls that timed out a day ago and were not removed. */
    void forgetExpired() {
        long now = clock.getAsLong();
        Iterator<Call> all = calls.values().iterator();
        while (all.hasNext()) {
            Long expired = all.next().expiredNanos;
            if (expired != null && now - expired >= FORGET_EXPIRED_NANOS) {
                all.remove();
            }
        }
    }
}
