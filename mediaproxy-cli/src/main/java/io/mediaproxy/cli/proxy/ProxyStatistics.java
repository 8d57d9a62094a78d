package io.mediaproxy.cli.proxy;

import io.mediaproxy.examples.ProxyEvents;
import io.mediaproxy.session.CallAttributes;
import io.mediaproxy.session.Counters;
import io.mediaproxy.session.MediaProxy;
import io.mediaproxy.session.MediaProxyBuilder;
import io.mediaproxy.session.MediaProxyResult;
import io.mediaproxy.session.Outcome;
import io.mediaproxy.session.sip.SipMessageView;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.jspecify.annotations.Nullable;

/**
 * Counts the messages and calls of a proxy, measures how long the dispatcher takes to reply, and formats both.
 * Thread-safe.
 */
public final class ProxyStatistics implements ProxyEvents {
    private static final int SIGNIFICANT_DIGITS = 2;
    private static final double MICROS_PER_MILLI = 1000.0;

    private final LongSupplier nanoTime;
    private final LongAdder calls = new LongAdder();
    private final LongAdder messages = new LongAdder();
    private final LongAdder commands = new LongAdder();
    private final LongAdder errors = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder turnedAway = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final LongAdder overloaded = new LongAdder();
    private final LongAdder strayResponses = new LongAdder();
    /** Times in microseconds since the last line. */
    private final Recorder recent = new Recorder(SIGNIFICANT_DIGITS);
    /** Times in microseconds up to the last line. */
    private final Histogram all = new Histogram(SIGNIFICANT_DIGITS);
    /** The times at which the commands for the messages were sent. */
    private final Map<SipMessageView, Long> asked = new ConcurrentHashMap<>();

    private final Figures begin;
    private Figures last;
    private IntSupplier callsUp = () -> 0;
    private Supplier<Counters> counters = () -> new Counters(0, 0, 0, 0, 0, 0);
    private @Nullable IntSupplier sessions;

    private record Figures(long nanos, long calls, long messages, long commands) {}

    /** @param nanoTime a nano clock */
    public ProxyStatistics(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.begin = figures();
        this.last = begin;
    }

    /** Counts the commands and replies of the {@link MediaProxy} that this builder will build. */
    public void watch(MediaProxyBuilder builder) {
        builder.signalingIp(this::askedBy);
    }

    /**
     * Counts the results of a {@link MediaProxy} whose builder is watched.
     *
     * @param sessionsAtDispatcher their number; null if it is not known and not printed
     */
    public void watch(MediaProxy mediaProxy, @Nullable IntSupplier sessionsAtDispatcher) {
        mediaProxy.engagedCalls().onResult(this::answered);
        callsUp = mediaProxy.engagedCalls()::size;
        counters = mediaProxy::counters;
        sessions = sessionsAtDispatcher;
    }

    /**
     * Notes the time: the address is asked for once for each {@code update}, just before it is sent. Returns the
     * default one.
     */
    private String askedBy(SipMessageView message, CallAttributes attributes) {
        asked.put(message, nanoTime.getAsLong());
        String own = attributes.signalingIp();
        return own == null ? message.sourceAddress() : own;
    }

    private void answered(SipMessageView message, MediaProxyResult result) {
        Long begun = asked.remove(message);
        if (begun != null) {
            recent.recordValue(TimeUnit.NANOSECONDS.toMicros(Math.max(0, nanoTime.getAsLong() - begun)));
        }
        Outcome outcome = result.outcome();
        if (begun != null || outcome == Outcome.REMOVED || outcome == Outcome.REMOVAL_QUEUED) {
            commands.increment();
        }
        if (outcome == Outcome.FAILED || outcome == Outcome.REMOVAL_QUEUED) {
            errors.increment();
        }
    }

    @Override
    public void call() {
        calls.increment();
    }

    @Override
    public void message() {
        messages.increment();
    }

    @Override
    public void error() {
        errors.increment();
    }

    @Override
    public void refused() {
        refused.increment();
    }

    @Override
    public void turnedAway() {
        turnedAway.increment();
    }

    @Override
    public void dropped() {
        dropped.increment();
    }

    @Override
    public void overloaded() {
        overloaded.increment();
    }

    @Override
    public void strayResponse() {
        strayResponses.increment();
    }

    /** Returns one line about the time since the last line. */
    public synchronized String line() {
        Figures now = figures();
        Histogram times = recent.getIntervalHistogram();
        all.add(times);
        String line = line("", last, now, times);
        last = now;
        return line;
    }

    /** Returns one line about the whole time. */
    public synchronized String total() {
        all.add(recent.getIntervalHistogram());
        return line("total: ", begin, figures(), all);
    }

    private Figures figures() {
        return new Figures(nanoTime.getAsLong(), calls.sum(), messages.sum(), commands.sum());
    }

    private String line(String title, Figures from, Figures to, Histogram times) {
        Counters media = counters.get();
        double seconds = Math.max(1, to.nanos() - from.nanos()) / (double) TimeUnit.SECONDS.toNanos(1);
        return String.format(
                Locale.ROOT,
                "%scalls %d (%.1f/s), up %d%s, messages %d (%.1f/s), commands %d (%.1f/s), answer p50 %.2f ms"
                        + " p99 %.2f ms, without relay %d, half-relayed %d, removals kept %d, delivered %d, given up"
                        + " %d, calls refused %d, errors %d, refused %d, dropped %d, stray responses %d, overloaded %d,"
                        + " turned away %d",
                title,
                to.calls(),
                (to.calls() - from.calls()) / seconds,
                callsUp.getAsInt(),
                sessions == null ? "" : ", sessions " + sessions.getAsInt(),
                to.messages(),
                (to.messages() - from.messages()) / seconds,
                to.commands(),
                (to.commands() - from.commands()) / seconds,
                times.getValueAtPercentile(50) / MICROS_PER_MILLI,
                times.getValueAtPercentile(99) / MICROS_PER_MILLI,
                media.callsWithoutRelay(),
                media.halfRelayedExchanges(),
                media.removalsKept(),
                media.removalsDelivered(),
                media.removalsGivenUp(),
                media.callsRefused(),
                errors.sum(),
                refused.sum(),
                dropped.sum(),
                strayResponses.sum(),
                overloaded.sum(),
                turnedAway.sum());
    }
}
