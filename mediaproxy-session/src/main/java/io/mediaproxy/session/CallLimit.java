package io.mediaproxy.session;

import io.mediaproxy.protocol.log.CountedLine;
import io.mediaproxy.protocol.log.Log;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.slf4j.event.Level;

/**
 * Bounds the engaged calls, since any INVITE may begin one: at most half of them may be unanswered, so that a flood of
 * INVITEs does not keep out the answered calls that need a place. Their joined legs have the same bound, separately.
 *
 * <p>A refused INVITE goes on without a relay. Its retransmissions are refused too, even if there is room by then:
 * otherwise the answer would get a relay, but the callee may have read the first copy. Of more than
 * {@value #MAX_REFUSED} refused INVITEs the oldest is forgotten.
 *
 * <p>Thread-safe.
 */
final class CallLimit {
    static final int DEFAULT_CALLS = 100_000;

    static final int MAX_REFUSED = 10_000;

    /** Of the heap for each call, so that the default suits a small heap: nearly twice what an answered call takes. */
    private static final int BYTES_PER_CALL = 4096;

    private static final Log LOG = Log.of(CallLimit.class);

    private final int max;
    private final CountedLine refusalLine;

    private int early;
    private int answered;
    private int legs;
    private long refusals;

    /** Fingerprints of INVITEs. */
    private final Map<Long, Boolean> refused = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Boolean> eldest) {
            return size() > MAX_REFUSED;
        }
    };

    /** @param max calls, at least 2 */
    CallLimit(int max, LongSupplier nanoTime) {
        this.max = max;
        this.refusalLine = LOG.counted(Level.WARN, nanoTime);
    }

    /** Returns the limit for a JVM with this heap. */
    static int defaultFor(long maxHeapBytes) {
        return (int) Math.max(2, Math.min(DEFAULT_CALLS, maxHeapBytes / BYTES_PER_CALL));
    }

    /** Takes a place for a call that an INVITE may begin. Returns false if there is none. */
    boolean tryBegin(CallKey key, long cseq) {
        int earlyNow;
        int answeredNow;
        synchronized (this) {
            Long invite = fingerprint(key, cseq);
            if (early + answered < max && early < max / 2 && !refused.containsKey(invite)) {
                early++;
                return true;
            }
            if (refused.put(invite, true) != null) {
                return false;
            }
            refusals++;
            earlyNow = early;
            answeredNow = answered;
        }
        refusalLine.log(
                "no room for another engaged call: {} are answered, {} are not, and at most {} are followed, half of "
                        + "them unanswered; calls go on without a relay",
                answeredNow,
                earlyNow,
                max);
        return false;
    }

    private static Long fingerprint(CallKey key, long cseq) {
        return ((long) key.callId().hashCode() << Integer.SIZE)
                | Integer.toUnsignedLong(Objects.hash(key.fromTag(), cseq));
    }

    /** A call was answered. */
    synchronized void answered() {
        early--;
        answered++;
    }

    /** A call has ended. */
    synchronized void ended(boolean wasAnswered) {
        if (wasAnswered) {
            answered--;
        } else {
            early--;
        }
    }

    /** Takes a place for a leg. Returns false if there is none. */
    synchronized boolean tryJoin() {
        boolean room = legs < max;
        legs += room ? 1 : 0;
        return room;
    }

    synchronized void legEnded() {
        legs--;
    }

    synchronized int calls() {
        return early + answered;
    }

    /** Returns how many INVITEs were refused, without retransmissions. */
    synchronized long refusals() {
        return refusals;
    }
}
