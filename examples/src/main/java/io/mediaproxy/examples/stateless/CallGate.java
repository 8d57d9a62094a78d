package io.mediaproxy.examples.stateless;

import io.mediaproxy.protocol.DispatcherLoad;
import io.mediaproxy.session.CallKey;
import io.mediaproxy.session.MediaProxy;
import java.net.InetSocketAddress;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Refuses new calls while they would be late: by the time for which messages have waited in the server, and by the time
 * that the dispatcher takes to answer. A call that gets its relay late is worse than none, for its caller sends every
 * message again meanwhile. So the server works for the calls that it has, and for as many new ones as it can serve in
 * time; all others get a 503 with Retry-After, which costs little. This is the local reasoning of RFC 6357: it needs no
 * support from neighbours. Confined to the thread that reads the socket.
 */
public final class CallGate {
    private final StatelessForwarding forwarding;
    private final Supplier<DispatcherLoad> load;
    private final Predicate<CallKey> isEngaged;
    private final CallRate rate;

    /** Creates the gate of a proxy. */
    public CallGate(Routing routing, MediaProxy mediaProxy) {
        this(routing, mediaProxy::load, mediaProxy.engagedCalls()::isEngaged, System::nanoTime);
    }

    CallGate(Routing routing, Supplier<DispatcherLoad> load, Predicate<CallKey> isEngaged, LongSupplier nanoTime) {
        this.forwarding = new StatelessForwarding(routing);
        this.load = load;
        this.isEngaged = isEngaged;
        this.rate = new CallRate(nanoTime);
    }

    /**
     * Decides about one datagram.
     *
     * @param waitedNanos for how long messages wait before they are handled
     * @return the 503 for an INVITE that begins a call which would be late; null for every other message
     */
    public @Nullable Forwarding refusal(byte[] array, int length, InetSocketAddress source, long waitedNanos) {
        if (length == 0 || array[0] != 'I' || !forwarding.beginsCall(array, 0, length, isEngaged)) {
            return null;
        }
        long nanos = waitedNanos + load.get().answerTime().toNanos();
        return rate.takes(nanos > DispatcherLoad.LATE.toNanos()) ? null : forwarding.refuseNewCall(source);
    }

    /** Whether a datagram is the ACK to a refusal of this server: it goes no further. */
    public boolean isAckToRefusal(byte[] array, int length) {
        return length > 0 && array[0] == 'A' && forwarding.isAckToOwnRefusal(array, 0, length);
    }
}
