package io.mediaproxy.session;

import org.jspecify.annotations.Nullable;

/**
 * Decides which SDP of a call is an offer and which an answer, and to which offer (RFC 3264; patterns of RFC 6337 2.2):
 *
 * <pre>
 *   offer in            answer in
 *   INVITE              2xx or 1xx to INVITE (a repetition in later responses is that answer again)
 *   2xx to INVITE       ACK
 *   1xx to INVITE       PRACK
 *   PRACK               2xx to PRACK
 *   UPDATE              2xx to UPDATE
 * </pre>
 *
 * <p>The relay distinguishes them by the CSeq alone: every update with a new number is an offer to it. So the update
 * for an answer must have the CSeq of its offer, whatever its own message has.
 *
 * <p>Not thread-safe.
 */
final class OfferAnswer {
    /**
     * One offer and its answers.
     *
     * @param requester sender of the request with the offer, or of the request to which the response with the offer
     *     belongs: the dispatcher knows the exchange by the tag and the CSeq of this side
     * @param cseq of that request
     * @param offerer the side that made the offer
     */
    record Exchange(Side requester, long cseq, Side offerer) {}

    /** A newer request of the same side came before this one. It will be refused with a 500 (RFC 3261 12.2.2). */
    static final class StaleRequestException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        StaleRequestException(long cseq, long newest) {
            super("its CSeq " + cseq + " is older than that of the last offer, " + newest);
        }
    }

    private @Nullable Exchange current;
    /** Whether the current offer waits for its first answer. */
    private boolean pending;
    /** The side that has to offer, since the other one sent an INVITE without SDP; null if there is none. */
    private @Nullable Side invited;

    private long invitingCseq;
    private long newestOfCaller = -1;
    private long newestOfCallee = -1;

    /** Returns the exchange of the last SDP; null if there was none. */
    @Nullable Exchange current() {
        return current;
    }

    /**
     * Handles an INVITE without SDP: its response has the offer (RFC 3261 13.2.1). A repeated one asks for nothing new.
     */
    void inviteWithoutOffer(Side from, long cseq) {
        if (cseq > newest(from)) {
            invited = from.other();
            invitingCseq = cseq;
        }
    }

    /**
     * Places a request with SDP.
     *
     * @throws StaleRequestException if it is too late for an offer
     */
    Exchange request(Side from, String method, long cseq) {
        boolean mayAnswer = !method.equals(SipMethod.INVITE);
        Exchange offered = current;
        if (offered != null && method.equals(SipMethod.ACK)) { // an ACK has no offer
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
     * Places a response with SDP.
     *
     * @param cseq the number for an offer whose INVITE was not seen
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

    /** Places an offer that its server declares to be one, with a CSeq that grows, whatever its message has. */
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

    /** Handles the refusal of a request, and so of the offer that it carried or asked for. */
    void refused(Side requester, long cseq) {
        Exchange offered = current;
        if (offered != null && offered.requester() == requester && offered.cseq() == cseq) {
            pending = false;
        }
        if (invited == requester.other() && invitingCseq == cseq) {
            invited = null;
        }
    }

    /** As {@link #refused(Side, long)}, for a response from a leg with other CSeq numbers. */
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
            return offered; // the same request by another way
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
