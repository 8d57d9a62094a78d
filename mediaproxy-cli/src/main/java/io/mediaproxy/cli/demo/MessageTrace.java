package io.mediaproxy.cli.demo;

import io.mediaproxy.cli.demo.LadderStep.Party;
import io.mediaproxy.examples.phone.Phone;
import io.mediaproxy.examples.phone.SipText;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** Collects the messages between the proxy and both phones, retransmissions included. Thread-safe. */
final class MessageTrace {
    private static final double NANOS_PER_MILLI = 1e6;

    private final LongSupplier nanoClock;
    private final List<LadderStep> steps = new ArrayList<>(); // guarded by this
    private long begin; // guarded by this

    MessageTrace(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /** The trace of one phone. */
    Phone.Trace at(Party phone) {
        return (sent, message) -> add(sent ? phone : Party.PROXY, sent ? Party.PROXY : phone, message);
    }

    private synchronized void add(Party from, Party to, SipText message) {
        long now = nanoClock.getAsLong();
        begin = steps.isEmpty() ? now : begin;
        boolean sdp = !message.body().isEmpty();
        steps.add(new LadderStep((now - begin) / NANOS_PER_MILLI, from, to, message.label(), sdp));
    }

    /** The messages so far. */
    synchronized List<LadderStep> steps() {
        return List.copyOf(steps);
    }
}
