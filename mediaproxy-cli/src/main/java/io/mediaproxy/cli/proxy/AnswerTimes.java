package io.mediaproxy.cli.proxy;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How long the dispatcher took to answer: a histogram in microseconds, whose buckets are at most 1/16 wide. Safe for use by many
 * threads.
 */
final class AnswerTimes {
    private static final int SUB_BUCKET_BITS = 4;
    private static final int SUB_BUCKETS = 1 << SUB_BUCKET_BITS;
    private static final int OCTAVES = 28;
    private static final double MICROS_PER_MILLI = 1000.0;

    private final AtomicLongArray counts = new AtomicLongArray(SUB_BUCKETS * OCTAVES);

    void record(long nanos) {
        counts.incrementAndGet(bucket(TimeUnit.NANOSECONDS.toMicros(Math.max(0, nanos))));
    }

    private static int bucket(long micros) {
        if (micros < SUB_BUCKETS) {
            return (int) micros;
        }
        int shift = Long.SIZE - 1 - Long.numberOfLeadingZeros(micros) - SUB_BUCKET_BITS;
        int bucket = (shift + 1) * SUB_BUCKETS + (int) (micros >>> shift) - SUB_BUCKETS;
        return Math.min(bucket, SUB_BUCKETS * OCTAVES - 1);
    }

    /** The largest value that a bucket holds. */
    private static long largest(int bucket) {
        int octave = bucket / SUB_BUCKETS;
        if (octave == 0) {
            return bucket;
        }
        long next = (long) SUB_BUCKETS + bucket % SUB_BUCKETS + 1;
        return (next << (octave - 1)) - 1;
    }

    /** What is in here goes there. */
    void moveTo(AnswerTimes other) {
        for (int i = 0; i < counts.length(); i++) {
            other.counts.addAndGet(i, counts.getAndSet(i, 0));
        }
    }

    long count() {
        long count = 0;
        for (int i = 0; i < counts.length(); i++) {
            count += counts.get(i);
        }
        return count;
    }

    /** Milliseconds that this share of the answers took at most; 0 where there are none. */
    double percentileMillis(double share) {
        long rank = (long) Math.ceil(share * count());
        long seen = 0;
        for (int i = 0; i < counts.length(); i++) {
            seen += counts.get(i);
            if (seen >= rank && seen > 0) {
                return largest(i) / MICROS_PER_MILLI;
            }
        }
        return 0;
    }
}
