package io.mediaproxy.embedded.relay;

import io.mediaproxy.embedded.log.Log;
import io.mediaproxy.embedded.report.SessionStatistics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of one relay, by Call-ID and From tag. Executes commands and ends streams that timed out. Confined to
 * the relay thread.
 */
final class RelaySessions {
    private static final Log LOG = Log.of(RelaySessions.class);

    private final RelayContext relay;
    private final String localAddress;
    private final String advertisedAddress;
    private final BiConsumer<String, SessionStatistics> onExpired;
    private final Map<SessionKey, RelaySession> sessions = new LinkedHashMap<>();

    /**
     * Creates an empty set of sessions.
     *
     * @param onExpired receives the dispatcher that created a session, and the session, when that has timed out
     */
    RelaySessions(
            RelayContext relay,
            String localAddress,
            String advertisedAddress,
            BiConsumer<String, SessionStatistics> onExpired) {
        this.relay = relay;
        this.localAddress = localAddress;
        this.advertisedAddress = advertisedAddress;
        this.onExpired = onExpired;
    }

    /**
     * Executes an {@code update}.
     *
     * @param dispatcher that sent it
     * @param halting true to refuse new sessions
     */
    RelayReply update(RelayHeaders headers, String dispatcher, boolean halting) {
        headers.checkUpdate();
        RelaySession session = find(headers);
        if (session == null && halting) {
            return RelayReply.Failure.HALTING;
        }
        SignalingAddress signaling = SignalingAddress.parse(headers.text("signaling_ip"));
        boolean request = headers.isRequest();
        if (session == null) {
            if (!request && headers.media().isEmpty()) {
                return new RelayReply.Line("None");
            }
            return create(headers, dispatcher, signaling, request);
        }
        Side counting = session.key().fromTag().equals(headers.text("from_tag")) ? Side.CALLER : Side.CALLEE;
        Side from = request ? counting : counting.other();
        RelaySession.Update update = describe(headers, from, counting);
        session.update(update);
        return ports(session, update);
    }

    private RelayReply create(RelayHeaders headers, String dispatcher, SignalingAddress signaling, boolean request) {
        SessionKey key = new SessionKey(headers.text("call_id"), headers.text("from_tag"));
        RelaySession session = new RelaySession(
                relay,
                key,
                dispatcher,
                headers.text("from_uri"),
                headers.text("to_uri"),
                signaling.username(),
                () -> expired(key));
        RelaySession.Update update = describe(headers, request ? Side.CALLER : Side.CALLEE, Side.CALLER);
        session.update(update);
        sessions.put(key, session);
        return ports(session, update);
    }

    private static RelaySession.Update describe(RelayHeaders headers, Side from, Side counting) {
        return new RelaySession.Update(
                headers.cseq(), headers.toTag(), headers.text("user_agent"), headers.media(), from, counting);
    }

    private RelayReply ports(RelaySession session, RelaySession.Update update) {
        List<Integer> ports = session.portsFor(update);
        if (ports.isEmpty()) {
            return new RelayReply.Line("None");
        }
        StringBuilder line = new StringBuilder(advertisedAddress);
        ports.forEach(port -> line.append(' ').append(port.intValue()));
        return new RelayReply.Line(line.toString());
    }

    RelayReply remove(RelayHeaders headers) {
        headers.checkRemove();
        RelaySession session = find(headers);
        if (session == null) {
            return RelayReply.Failure.ERROR;
        }
        session.end();
        sessions.remove(session.key());
        return new RelayReply.Removed(session.statistics(localAddress));
    }

    private @Nullable RelaySession find(RelayHeaders headers) {
        String callId = headers.text("call_id");
        RelaySession session = sessions.get(new SessionKey(callId, headers.text("from_tag")));
        String toTag = headers.toTag();
        if (session == null && toTag != null) {
            session = sessions.get(new SessionKey(callId, toTag));
        }
        return session;
    }

    /** Ends all streams that timed out, and the sessions that have no other streams. */
    void expire() {
        relay.alive().stream().filter(RelayedStream::isAlive).forEach(RelayedStream::expire);
    }

    private void expired(SessionKey key) {
        // A stream of a refused offer may outlive its session.
        RelaySession session = sessions.remove(key);
        if (session != null) {
            LOG.debug("a session timed out");
            session.end();
            onExpired.accept(session.dispatcher(), session.statistics(localAddress));
        }
    }

    int count() {
        return sessions.size();
    }

    Set<String> callIds() {
        return sessions.keySet().stream().map(SessionKey::callId).collect(Collectors.toUnmodifiableSet());
    }

    List<SessionStatistics> statistics() {
        List<SessionStatistics> statistics = new ArrayList<>(sessions.size());
        sessions.values().forEach(session -> statistics.add(session.statistics(localAddress)));
        return statistics;
    }

    /** The number of live streams by media type. */
    Map<String, Integer> streamCount() {
        Map<String, Integer> count = new TreeMap<>();
        for (RelaySession session : sessions.values()) {
            session.streams().stream()
                    .filter(RelayedStream::isAlive)
                    .forEach(stream -> count.merge(stream.mediaType(), 1, Integer::sum));
        }
        return count;
    }

    /** Ends all sessions as if they had timed out. */
    void expireAll() {
        List.copyOf(sessions.keySet()).forEach(this::expired);
        close();
    }

    /** Closes every port and reports no session. */
    void close() {
        sessions.clear();
        relay.alive().forEach(RelayedStream::close);
    }
}
