package io.mediaproxy.protocol;

import io.mediaproxy.protocol.log.Log;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;

/**
 * Decides whether a dispatcher gets commands, from what became of the last ones. Thread-safe.
 *
 * <pre>
 * CLOSED ──► a hard failure, or the third soft one in a row, or ejected ──► OPEN
 * OPEN ────► its time is over: 10 s, then 20, 40 and 60 s, ±20 % ─────────► PROBING
 * PROBING ─► the probe failed ──► OPEN for the next time
 *            the probe succeeded ──► CLOSED; new calls return slowly, within 10 s
 * </pre>
 */
final class Circuit {
    private static final Log LOG = Log.of(Circuit.class);

    private static final int SOFT_FAILURES = 3;
    private static final int[] OPEN_SECONDS = {10, 20, 40, 60};
    private static final double SPREAD = 0.2;
    private static final long SLOW_START_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** A new call at the first moment of a slow start; more than 0, as the only dispatcher left has to be chosen. */
    private static final double LEAST_SHARE = 0.01;

    private enum State {
        CLOSED,
        OPEN,
        PROBING
    }

    private final String name;
    private final DoubleSupplier random;

    private State state = State.CLOSED;
    private int softFailures;
    private int timesOpened;
    private long openedNanos;
    private long probeAtNanos;
    private boolean startsSlowly;
    private long closedNanos;

    /**
     * Creates a closed circuit: a dispatcher is healthy until the opposite is known.
     *
     * @param name of the dispatcher, for the log
     * @param random from 0 to 1, spreads the probes of several servers
     */
    Circuit(String name, DoubleSupplier random) {
        this.name = name;
        this.random = random;
    }

    synchronized boolean isClosed() {
        return state == State.CLOSED;
    }

    /** Returns whether a probe has yet to be sent. */
    synchronized boolean isOpen() {
        return state == State.OPEN;
    }

    /** Returns when a probe is due, if it is open. */
    synchronized long probeAtNanos() {
        return probeAtNanos;
    }

    /** Returns the part of its weight with which a dispatcher takes new calls: 1, or less after it came back. */
    synchronized double share(long now) {
        if (startsSlowly) {
            long elapsed = now - closedNanos;
            if (elapsed < SLOW_START_NANOS) {
                return Math.max(LEAST_SHARE, (double) elapsed / SLOW_START_NANOS);
            }
            startsSlowly = false;
            timesOpened = 0;
        }
        return 1;
    }

    /** Records a reply, whatever it was. */
    synchronized void replied() {
        softFailures = 0;
    }

    /** Records that the dispatcher cannot be reached: nothing was written. */
    synchronized void failedHard(String why, long now) {
        if (state == State.CLOSED) {
            open(why, now);
        }
    }

    /** Records a failure that may have other reasons: a timeout, a lost connection, a breach of the protocol. */
    synchronized void failedSoftly(String why, long now) {
        if (state == State.CLOSED && ++softFailures >= SOFT_FAILURES) {
            open(why, now);
        }
    }

    /** Records a sign of life of a dispatcher that was given up: the probe is due at once. */
    synchronized void showedLife(long now) {
        if (state == State.OPEN) {
            probeAtNanos = now;
        }
    }

    private void open(String why, long now) {
        openedNanos = now;
        stayOpen(now);
        LOG.warn("dispatcher {} gets no more commands: {}; next attempt in {} s", name, why, secondsToProbe(now));
    }

    private void stayOpen(long now) {
        state = State.OPEN;
        softFailures = 0;
        int seconds = OPEN_SECONDS[Math.min(timesOpened, OPEN_SECONDS.length - 1)];
        timesOpened++;
        double factor = 1 + SPREAD * (2 * random.getAsDouble() - 1);
        probeAtNanos = now + (long) (TimeUnit.SECONDS.toNanos(seconds) * factor);
    }

    private long secondsToProbe(long now) {
        return TimeUnit.NANOSECONDS.toSeconds(probeAtNanos - now);
    }

    /** Returns true if a probe is due, to one caller only, which has to report the end of the probe. */
    synchronized boolean beginProbe(long now) {
        if (state != State.OPEN || probeAtNanos - now > 0) {
            return false;
        }
        state = State.PROBING;
        return true;
    }

    synchronized void probeFailed(long now) {
        stayOpen(now);
        LOG.debug("dispatcher {} failed the probe; next attempt in {} s", name, secondsToProbe(now));
    }

    synchronized void probeSucceeded(long now) {
        state = State.CLOSED;
        startsSlowly = true;
        closedNanos = now;
        LOG.info(
                "dispatcher {} is back after {}",
                name,
                Duration.ofMillis(TimeUnit.NANOSECONDS.toMillis(now - openedNanos)));
    }
}
