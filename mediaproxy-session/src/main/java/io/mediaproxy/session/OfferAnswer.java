package io.mediaproxy.session;

import org.jspecify.annotations.Nullable;

/**
 * Which SDP of a call is an offer and which an answer, and to which offer (RFC 3264; the patterns are those of RFC 6337 2.2):
 *
 * <pre>
 *   offer in            answer in
 *   INVITE              2xx or 1xx to INVITE (a repetition in later replies is that answer again)
 *   2xx to INVITE       ACK
 *   1xx to INVITE       PRACK
 *   PRACK               2xx to PRACK
 *   UPDATE              2xx to UPDATE
 * </pre>
 *
 * <p>It matters because the relay tells them apart by the CSeq alone: one that it has not seen makes a new offer of whatever
 * carries it. So an answer has to be told with the CSeq of its offer, whatever its own message has.
 *
 * <p>Not safe for use by more than one thread at a time.
 */
final class OfferAnswer {
    /**
     * One offer and its answers.
     *
     * @param requester who sent the request that the offer stood in, or that the reply with the offer belongs to: the dispatcher
     *     knows the exchange by this side's tag and CSeq
     * @param cseq of that request
     * @param offerer whose SDP the offer is
     */
    record Exchange(Side requester, long cseq, Side offerer) {}

    /** Thrown for a request that another one of the same side has overtaken; it will be refused with a 500 (RFC 3261 12.2.2). */
    static final class StaleRequestException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        StaleRequestException(long cseq, long newest) {
            super("its CSeq " + cseq + " is older than that of the last offer, " + newest);
        }
    }

    private @Nullable Exchange current;
    /** Whether the current offer waits for its first answer. */
    private boolean pending;
    /** Who was asked for an offer, by an INVITE without one; null: nobody. */
    private @Nullable Side invited;

    private long invitingCseq;
    private long newestOfCaller = -1;
    private long newestOfCallee = -1;

    /** The exchange that the last SDP belonged to; null: there was none. */
    @Nullable Exchange current() {
        return current;
    }

    /** An INVITE without SDP: the reply to it has the offer (RFC 3261 13.2.1). One that came before asks for nothing new. */
    void inviteWithoutOffer(Side from, long cseq) {
        if (cseq > newest(from)) {
            invited = from.other();
            invitingCseq = cseq;
        }
    }

    /**
     * A request with SDP.
     *
     * @throws StaleRequestException if it is too late for an offer
     */
    Exchange request(Side from, String method, long cseq) {
        boolean mayAnswer = !method.equals(SipMethod.INVITE);
        Exchange offered = current;
        if (offered != null && method.equals(SipMethod.ACK)) { // There is no offer in an ACK.
            pending &= offered.offerer() == from;
            return offered;
        }
        if (offered != null && offered.offerer() != from && pending && mayAnswer) {
            pending = false;
            return offered;
        }
        return offer(from, cseq, from);
    }

    /**
     * A reply with SDP.
     *
     * @param cseq what to tell for an offer whose INVITE was not seen
     */
    Exchange response(Side from, long cseq) {
        if (from == invited) {
            return open(new Exchange(from.other(), invitingCseq, from));
        }
        Exchange offered = current;
        if (offered == null) {
            return offer(from.other(), cseq, from);
        }
        if (offered.offerer() != from) {
            pending = false;
        }
        return offered;
    }

    /** An offer that its side says to be one, whatever its CSeq. */
    Exchange newOffer(Side requester, long cseq, Side offerer) {
        return open(new Exchange(requester, Math.max(cseq, newest(requester) + 1), offerer));
    }

    /**
     * Places an answer that its server declares to be one, whatever its message.
     *
     * @return the exchange of the last offer
     * @throws IllegalStateException if there was none
     */
    Exchange answer() {
        Exchange offered = current;
        if (offered == null) {
            throw new IllegalStateException("there was no offer that this could be the answer to");
        }
        pending = false;
        return offered;
    }

    /** The request was refused, and with it the offer that it carried or asked for. */
    void refused(Side requester, long cseq) {
        Exchange offered = current;
        if (offered != null && offered.requester() == requester && offered.cseq() == cseq) {
            pending = false;
        }
        if (invited == requester.other() && invitingCseq == cseq) {
            invited = null;
        }
    }

    /** As {@link #refused(Side, long)}, where the reply came from a leg that counts by itself. */
    void refusedOnAnotherLeg(Side requester) {
        Exchange offered = current;
        if (offered != null && offered.requester() == requester) {
            pending = false;
        }
        if (invited == requester.other()) {
            invited = null;
        }
    }

    private Exchange offer(Side requester, long cseq, Side offerer) {
        Exchange offered = current;
        long newest = newest(requester);
        if (cseq < newest) {
            throw new StaleRequestException(cseq, newest);
        }
        if (cseq == newest && offered != null && offered.requester() == requester) {
            return offered; // The same request by another way.
        }
        return open(new Exchange(requester, cseq, offerer));
    }

    private Exchange open(Exchange exchange) {
        current = exchange;
        pending = true;
        invited = null;
        if (exchange.requester() == Side.CALLER) {
            newestOfCaller = exchange.cseq();
        } else {
            newestOfCallee = exchange.cseq();
        }
        return exchange;
    }

    private long newest(Side side) {
        return side == Side.CALLER ? newestOfCaller : newestOfCallee;
    }
}
