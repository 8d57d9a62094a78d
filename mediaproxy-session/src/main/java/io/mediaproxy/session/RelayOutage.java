package io.mediaproxy.session;

import io.mediaproxy.protocol.log.CountedLine;
import io.mediaproxy.protocol.log.Excerpt;
import io.mediaproxy.protocol.log.Log;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.event.Level;

/**
 * Counts the calls that go on without a relay because the dispatcher gave none, and logs when that begins and when it
 * is over: a WARN for the first one, at most one in ten seconds after it, and an INFO at the end. Thread-safe.
 */
final class RelayOutage {
    private static final Log LOG = Log.of(RelayOutage.class);

    /** A success is the end if nothing has failed for this long: others may still fail when the first one succeeds. */
    private static final Duration QUIET = Duration.ofSeconds(1);

    private final LongSupplier nanoTime;
    private final CountedLine halfLine;

    private volatile boolean isOut;
    private long calls;
    private long halfRelayed;

    private boolean isAnnounced;
    private boolean hasLogged;
    private long loggedNanos;
    private long sinceNanos;
    private long failedNanos;
    private long callsOfThis;

    RelayOutage(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.halfLine = LOG.counted(Level.WARN, nanoTime);
    }

    /**
     * Handles the result of an update for a call that is followed.
     *
     * @param offer whether it was for an offer, not for an answer
     * @param isFirst whether it is the first failure of its kind, of the call or of the exchange
     */
    void report(String callId, MediaProxyResult result, boolean offer, boolean isFirst) {
        if (result.outcome() == Outcome.KEPT_RELAY) {
            return; // the call has its relay, but the dispatcher gives none
        }
        boolean success = result.returnCode() == 1;
        if (offer && success) {
            withRelay();
        } else if (offer) {
            withoutRelay(result.reason(), isFirst);
        } else if (isFirst) {
            halfRelayed(callId, result.reason());
        }
    }

    /**
     * An offer goes on without a relay.
     *
     * @param isFirst whether it is the first one of its call
     */
    void withoutRelay(String reason, boolean isFirst) {
        long number;
        long since;
        boolean begins;
        synchronized (this) {
            long now = nanoTime.getAsLong();
            if (!isOut) {
                isOut = true;
                sinceNanos = now;
            }
            failedNanos = now;
            calls += isFirst ? 1 : 0;
            callsOfThis += isFirst ? 1 : 0;
            if (hasLogged && now - loggedNanos < CountedLine.INTERVAL.toNanos()) {
                return;
            }
            begins = !isAnnounced;
            isAnnounced = true;
            hasLogged = true;
            loggedNanos = now;
            number = callsOfThis;
            since = Duration.ofNanos(now - sinceNanos).toSeconds();
        }
        if (begins) {
            LOG.warn("calls go on without a relay: {}", reason);
        } else {
            LOG.warn("{} calls went on without a relay, since {} s: {}", number, since, reason);
        }
    }

    /** An offer got a relay. */
    void withRelay() {
        if (!isOut) {
            return;
        }
        long number;
        Duration length;
        synchronized (this) {
            long now = nanoTime.getAsLong();
            if (!isOut || now - failedNanos < QUIET.toNanos()) {
                return;
            }
            isOut = false;
            if (!isAnnounced) {
                return; // its calls are reported with the next outage
            }
            isAnnounced = false;
            number = callsOfThis;
            callsOfThis = 0;
            length = Duration.ofNanos(failedNanos - sinceNanos);
        }
        LOG.info("calls have a relay again: {} went on without one, in {} s", number, length.toSeconds());
    }

    /** The answer to an offer with a relay goes on without one. */
    private void halfRelayed(String callId, String reason) {
        synchronized (this) {
            halfRelayed++;
        }
        halfLine.log(
                "call {}: its answer goes on without a relay although its offer has one, so that one side is not "
                        + "heard: {}",
                Excerpt.name(callId),
                reason);
    }

    synchronized long calls() {
        return calls;
    }

    synchronized long halfRelayedExchanges() {
        return halfRelayed;
    }
}
