package io.mediaproxy.session;

import io.mediaproxy.sdp.RelayEndpoints;
import io.mediaproxy.session.OfferAnswer.Exchange;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the relay gave for the offer and for the answers of one exchange, and whether both are of one session.
 *
 * <p>A call may ring for longer than the relay keeps an unanswered session. The late answer then makes a new session, silently:
 * its ports are good, those that the offer was told of are dead. It shows in the ports, but not surely: a relay whose pool of ports
 * lost its order, because another program holds some of them, gives a stream two pairs that are no neighbours. So an answer that
 * came early is not suspected.
 *
 * <p>Not safe for use by more than one thread at a time.
 */
final class ExchangeRelays {
    /** The relay takes two pairs of ports in a row for a stream, first the caller's, then the callee's. */
    private static final int CALLEE_PORT_OFFSET = 2;

    /** No relay keeps its sessions for a shorter time ({@code stream_timeout}, 90 s by default): calls could not ring. */
    private static final long MIN_RELAY_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final Exchange exchange;
    private boolean failed;
    private long offeredNanos;
    private @Nullable RelayEndpoints offer;
    private @Nullable RelayEndpoints answer;

    ExchangeRelays(Exchange exchange) {
        this.exchange = exchange;
    }

    Exchange exchange() {
        return exchange;
    }

    /** Whether the offer went on without a relay. */
    boolean hasFailed() {
        return failed;
    }

    void failed(boolean value) {
        failed = value;
    }

    void offered(RelayEndpoints relay, long now) {
        offer = relay;
        offeredNanos = now;
    }

    /** What is wrong, in words; null: nothing. */
    @Nullable String answered(RelayEndpoints relay, long now) {
        RelayEndpoints before = answer;
        RelayEndpoints offered = offer;
        answer = relay;
        if (offered == null) {
            return null;
        }
        boolean early = now - offeredNanos < MIN_RELAY_TIMEOUT_NANOS
                && offered.address().equals(relay.address());
        boolean sameSession = before == null ? early || arePaired(offered, relay) : haveSamePorts(before, relay, 0);
        return sameSession
                ? null
                : "the session had expired: the answer got " + relay + ", but the offer was told " + offered
                        + ", where nothing is relayed any more; a new offer mends it";
    }

    /** What an offer is told is for the other side to send to, as is what its answer is told. */
    private boolean arePaired(RelayEndpoints offered, RelayEndpoints answered) {
        return exchange.offerer() == Side.CALLER
                ? haveSamePorts(answered, offered, CALLEE_PORT_OFFSET)
                : haveSamePorts(offered, answered, CALLEE_PORT_OFFSET);
    }

    /** Streams that one of them has no port for tell nothing. */
    private static boolean haveSamePorts(RelayEndpoints first, RelayEndpoints second, int offset) {
        if (!first.address().equals(second.address())) {
            return false;
        }
        for (int i = 0; i < Math.min(first.count(), second.count()); i++) {
            if (first.port(i) != 0 && second.port(i) != 0 && first.port(i) + offset != second.port(i)) {
                return false;
            }
        }
        return true;
    }
}
