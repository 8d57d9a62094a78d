package io.mediaproxy.cli.proxy;

import io.mediaproxy.session.CallAttributes;
import io.mediaproxy.session.MediaProxy;
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
import org.jspecify.annotations.Nullable;

/** Counts what a proxy does, and times the dispatcher's answers; prints both as lines. Safe for use by many threads. */
public final class ProxyStatistics {
    private final LongSupplier nanoTime;
    private final LongAdder calls = new LongAdder();
    private final LongAdder messages = new LongAdder();
    private final LongAdder commands = new LongAdder();
    private final LongAdder errors = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final AnswerTimes recent = new AnswerTimes();
    private final AnswerTimes all = new AnswerTimes();
    /** When the dispatcher was asked about a message. */
    private final Map<SipMessageView, Long> asked = new ConcurrentHashMap<>();

    private final Figures begin;
    private Figures last;
    private IntSupplier callsUp = () -> 0;
    private @Nullable IntSupplier sessions;

    private record Figures(long nanos, long calls, long messages, long commands) {}

    /** @param nanoTime a nano clock */
    public ProxyStatistics(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.begin = figures();
        this.last = begin;
    }

    /** Has the commands and answers of a {@link MediaProxy} counted that is going to be built. */
    public void watch(MediaProxy.Builder builder) {
        builder.signalingIp(this::askedBy);
    }

    /**
     * Has the results of a {@link MediaProxy} counted whose builder was watched.
     *
     * @param sessionsAtDispatcher how many there are; null: nobody knows, and it is not printed
     */
    public void watch(MediaProxy mediaProxy, @Nullable IntSupplier sessionsAtDispatcher) {
        mediaProxy.engagedCalls().onResult(this::answered);
        callsUp = mediaProxy.engagedCalls()::size;
        sessions = sessionsAtDispatcher;
    }

    /** The address is asked for once for each {@code update}, right before it is sent; it is the default one. */
    private String askedBy(SipMessageView message, CallAttributes attributes) {
        asked.put(message, nanoTime.getAsLong());
        String own = attributes.signalingIp();
        return own == null ? message.sourceAddress() : own;
    }

    private void answered(SipMessageView message, MediaProxyResult result) {
        Long begun = asked.remove(message);
        if (begun != null) {
            recent.record(nanoTime.getAsLong() - begun);
        }
        Outcome outcome = result.outcome();
        if (begun != null || outcome == Outcome.REMOVED || outcome == Outcome.REMOVAL_QUEUED) {
            commands.increment();
        }
        if (outcome == Outcome.FAILED || outcome == Outcome.REMOVAL_QUEUED) {
            errors.increment();
        }
    }

    void call() {
        calls.increment();
    }

    void message() {
        messages.increment();
    }

    void error() {
        errors.increment();
    }

    void refused() {
        refused.increment();
    }

    void dropped() {
        dropped.increment();
    }

    /** One line of what happened since the last one. */
    public synchronized String line() {
        Figures now = figures();
        String line = line("", last, now, recent);
        last = now;
        recent.moveTo(all);
        return line;
    }

    /** One line of everything. */
    public synchronized String total() {
        recent.moveTo(all);
        return line("total: ", begin, figures(), all);
    }

    private Figures figures() {
        return new Figures(nanoTime.getAsLong(), calls.sum(), messages.sum(), commands.sum());
    }

    private String line(String title, Figures from, Figures to, AnswerTimes times) {
        double seconds = Math.max(1, to.nanos() - from.nanos()) / (double) TimeUnit.SECONDS.toNanos(1);
        return String.format(
                Locale.ROOT,
                "%scalls %d (%.1f/s), up %d%s, messages %d (%.1f/s), commands %d (%.1f/s), answer p50 %.2f ms"
                        + " p99 %.2f ms, errors %d, refused %d, dropped %d",
                title,
                to.calls(),
                (to.calls() - from.calls()) / seconds,
                callsUp.getAsInt(),
                sessions == null ? "" : ", sessions " + sessions.getAsInt(),
                to.messages(),
                (to.messages() - from.messages()) / seconds,
                to.commands(),
                (to.commands() - from.commands()) / seconds,
                times.percentileMillis(0.50),
                times.percentileMillis(0.99),
                errors.sum(),
                refused.sum(),
                dropped.sum());
    }
}
