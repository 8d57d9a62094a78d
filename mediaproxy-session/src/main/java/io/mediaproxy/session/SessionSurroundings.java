package io.mediaproxy.session;

import io.mediaproxy.protocol.log.CountedLine;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Everything that a {@link CallSession} needs from outside, the same for all of them. Thread-safe.
 *
 * @param expiries ends those that are silent for too long
 * @param untold those that have updates which the dispatcher did not take; a concurrent set
 * @param expiredLine of sessions that expired before the answer
 * @param onEnd called once for each session, when it has ended
 */
record SessionSurroundings(
        MediaProxyConfig config,
        UpdateCommands commands,
        Updates updates,
        Removals removals,
        RelayOutage outage,
        IceWarning iceWarning,
        LongSupplier nanoTime,
        ExpiryQueue<CallSession> expiries,
        Set<CallExchanges> untold,
        CountedLine expiredLine,
        Consumer<CallSession> onEnd) {}
