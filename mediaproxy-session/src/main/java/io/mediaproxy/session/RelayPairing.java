package io.mediaproxy.session;

import io.mediaproxy.sdp.RelayEndpoints;
import io.mediaproxy.session.OfferAnswer.Exchange;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The ports that the relay gave for the offer and for the answers of one exchange, and whether they belong to one
 * session.
 *
 * <p>A call may ring longer than the relay keeps an unanswered session. The late answer then silently makes a new
 * session: its ports work, but those in the offer are dead. The ports show it, but not reliably: a relay whose pool of
 * ports is out of order, because another program uses some of them, gives a stream two pairs that are not adjacent. So
 * an early answer is never suspected.
 *
 * <p>Not thread-safe.
 */
final class RelayPairing {
    /** The relay takes two adjacent pairs of ports for a stream, first the caller's, then the callee's. */
    private static final int CALLEE_PORT_OFFSET = 2;

    /** No relay drops its sessions earlier ({@code stream_timeout}, 90 s by default): calls could not ring. */
    private static final long MIN_RELAY_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final Exchange exchange;
    private boolean failed;
    private boolean half;
    private List<Integer> leftAlone = List.of();
    private long offeredNanos;
    private @Nullable RelayEndpoints offer;
    private @Nullable RelayEndpoints answer;

    RelayPairing(Exchange exchange) {
        this.exchange = exchange;
    }

    Exchange exchange() {
        return exchange;
    }

    /** Whether the offer was passed on without a relay. */
    boolean hasFailed() {
        return failed;
    }

    void setFailed(boolean value) {
        failed = value;
    }

    /**
     * An answer goes on without a relay. Returns whether the exchange is relayed in half by that, for the first time.
     */
    boolean becomesHalf() {
        boolean becomes = !half && offer != null && !failed;
        half |= becomes;
        return becomes;
    }

    /** Returns the streams that the offer left alone, see {@link MessageSdp#leaveAlone}. */
    List<Integer> leftAlone() {
        return leftAlone;
    }

    void setLeftAlone(List<Integer> streams) {
        leftAlone = streams;
    }

    /** Notes the ports in the offer. */
    void offered(RelayEndpoints relay, long now) {
        offer = relay;
        offeredNanos = now;
    }

    /**
     * Notes the ports in an answer. Returns a message for the log if they are of another session than the offer's, or
     * else null.
     */
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
                : "the session had expired: the answer got " + relay + ", but the offer has " + offered
                        + ", where nothing is relayed any more; a new offer mends it";
    }

    /** Returns the ports in the offer if both sides of the exchange have ports; null if not. */
    @Nullable RelayEndpoints agreedOffer() {
        return answer == null || failed ? null : offer;
    }

    /** Returns the ports in the SDP of one side, which the other side sends to; null if it got none. */
    @Nullable RelayEndpoints portsFor(Side describer) {
        return exchange.offerer() == describer ? offer : answer;
    }

    /** The address in a rewritten offer, like the one in its answer, is where the other side sends media. */
    private boolean arePaired(RelayEndpoints offered, RelayEndpoints answered) {
        return exchange.offerer() == Side.CALLER
                ? haveSamePorts(answered, offered, CALLEE_PORT_OFFSET)
                : haveSamePorts(offered, answered, CALLEE_PORT_OFFSET);
    }

    /** Streams for which one of them has no port do not count. */
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
