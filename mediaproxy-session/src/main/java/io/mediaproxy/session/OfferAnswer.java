package io.mediaproxy.session;

import java.util.ArrayList;
import java.util.List;
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
 * <p>The CSeqs of a fork's dialogs are counted separately (RFC 3261 12.2.1.1), but the relay counts those of the whole
 * call. So an offer is sent with its own number, or with a greater one if another dialog has used that up.
 *
 * <p>Not thread-safe.
 */
final class OfferAnswer {
    private static final int MAX_DIALOGS = 16;

    /** No CSeq. */
    private static final long NONE = -1;

    /**
     * One offer and its answers.
     *
     * @param requester sender of the request with the offer, or of the request to which the response with the offer
     *     belongs: the dispatcher knows the exchange by the tag and the CSeq of this side
     * @param cseq under which the relay knows the exchange
     * @param offerer the side that made the offer
     */
    record Exchange(Side requester, long cseq, Side offerer) {}

    /**
     * A request that has an offer, or whose response has one.
     *
     * @param from its sender
     * @param calleeTag of its dialog; empty in the INVITE that begins the call, which belongs to all dialogs
     * @param cseq of the message
     */
    record Request(Side from, String calleeTag, long cseq) {
        /** Returns the request that a message is, or that it responds to. */
        static Request of(RelayedMessage message, Side sender) {
            return new Request(
                    message.isRequest() ? sender : sender.other(),
                    sender == Side.CALLEE ? message.senderTag() : message.receiverTag(),
                    message.fields().cseqNumber());
        }

        boolean isRefusedBy(Request refused) {
            return from == refused.from
                    && cseq == refused.cseq
                    && (calleeTag.isEmpty() || calleeTag.equals(refused.calleeTag));
        }
    }

    /** The highest CSeqs of the offers in one dialog. */
    private static final class Dialog {
        private final String calleeTag;
        private long ofCaller = NONE;
        private long ofCallee = NONE;

        Dialog(String calleeTag) {
            this.calleeTag = calleeTag;
        }
    }

    /** A newer request of the same dialog came before this one. It will be refused with a 500 (RFC 3261 12.2.2). */
    static final class StaleRequestException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        StaleRequestException(long cseq, long newest) {
            super("its CSeq " + cseq + " is older than that of the last offer, " + newest);
        }
    }

    private @Nullable Exchange current;
    /** Of the current offer; null if its server declared it. */
    private @Nullable Request currentRequest;
    /** Whether the current offer waits for its first answer. */
    private boolean pending;
    /** An INVITE without SDP, to which the other side has to offer; null if there is none. */
    private @Nullable Request inviting;

    /** The highest CSeqs that the relay knows. */
    private long sentOfCaller = NONE;

    private long sentOfCallee = NONE;

    /** The highest CSeq of the caller's offers without To tag. */
    private long newestInvite = NONE;
    /** Those with offers after the first INVITE. */
    private List<Dialog> dialogs = List.of();

    /** Returns the exchange of the last SDP; null if there was none. */
    @Nullable Exchange current() {
        return current;
    }

    /**
     * Returns the exchange to which a callee's SDP belongs that he offered or answered to the caller's last request.
     */
    Exchange ofCaller() {
        return new Exchange(Side.CALLER, sentOfCaller, Side.CALLER);
    }

    /**
     * Handles an INVITE without SDP: its response has the offer (RFC 3261 13.2.1). A repeated one asks for nothing new.
     */
    void inviteWithoutOffer(Request invite) {
        if (invite.cseq() > newest(invite)) {
            inviting = invite;
        }
    }

    /**
     * Places a request with SDP.
     *
     * @throws StaleRequestException if it is too late for an offer
     */
    Exchange request(Request request, String method) {
        boolean mayAnswer = !method.equals(SipMethod.INVITE);
        Exchange offered = current;
        if (offered != null && method.equals(SipMethod.ACK)) { // an ACK has no offer
            pending &= offered.offerer() == request.from();
            return offered;
        }
        if (offered != null && offered.offerer() != request.from() && pending && mayAnswer) {
            pending = false;
            return offered;
        }
        return offer(request, request.from());
    }

    /**
     * Places a message with SDP.
     *
     * @param role of the SDP, or that it depends on the message
     * @throws RuntimeException if it has no place
     */
    Exchange place(RelayedMessage message, Side sender, SdpRole role) {
        return switch (role) {
            case OFFER -> {
                Side requester = message.isRequest() ? sender : sender.other();
                yield newOffer(requester, message.fields().cseqNumber(), sender);
            }
            case ANSWER -> answer();
            case BY_MESSAGE ->
                message.isRequest()
                        ? request(Request.of(message, sender), message.method())
                        : response(Request.of(message, sender));
        };
    }

    /** Places a response with SDP to a request, which may not have been seen. */
    Exchange response(Request request) {
        Side from = request.from().other();
        Request invite = inviting;
        if (invite != null && invite.from() == request.from()) {
            return open(invite, from);
        }
        Exchange offered = current;
        if (offered == null) {
            return offer(request, from);
        }
        if (offered.offerer() != from) {
            pending = false;
        } else if (offered.requester() == from && from == Side.CALLEE && sentOfCaller != NONE) {
            return ofCaller(); // of a fork: another callee's offer came in between
        }
        return offered;
    }

    /** Places an offer that its server declares to be one, with a CSeq that grows, whatever its message has. */
    Exchange newOffer(Side requester, long cseq, Side offerer) {
        currentRequest = null;
        return open(requester, cseq, offerer);
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
    void refused(Request refused) {
        if (currentRequest != null && currentRequest.isRefusedBy(refused)) {
            pending = false;
        }
        if (inviting != null && inviting.isRefusedBy(refused)) {
            inviting = null;
        }
    }

    /** As {@link #refused(Request)}, for a response from a leg with other CSeq numbers. */
    void refusedOnAnotherLeg(Side requester) {
        Exchange offered = current;
        if (offered != null && offered.requester() == requester) {
            pending = false;
        }
        if (inviting != null && inviting.from() == requester) {
            inviting = null;
        }
    }

    private Exchange offer(Request request, Side offerer) {
        Exchange offered = current;
        long newest = newest(request);
        if (request.cseq() < newest) {
            throw new StaleRequestException(request.cseq(), newest);
        }
        if (offered != null && request.equals(currentRequest)) {
            return offered; // the same request by another way
        }
        return open(request, offerer);
    }

    private Exchange open(Request request, Side offerer) {
        note(request);
        currentRequest = request;
        return open(request.from(), request.cseq(), offerer);
    }

    private Exchange open(Side requester, long cseq, Side offerer) {
        long sent = requester == Side.CALLER ? sentOfCaller : sentOfCallee;
        Exchange exchange = new Exchange(requester, Math.max(cseq, sent + 1), offerer);
        if (requester == Side.CALLER) {
            sentOfCaller = exchange.cseq();
        } else {
            sentOfCallee = exchange.cseq();
        }
        current = exchange;
        pending = true;
        inviting = null;
        return exchange;
    }

    /** Returns the highest CSeq of the offers in the dialog of a request. */
    private long newest(Request request) {
        Dialog dialog = find(request.calleeTag());
        if (request.from() == Side.CALLER) {
            return dialog == null ? newestInvite : Math.max(newestInvite, dialog.ofCaller);
        }
        return dialog == null ? NONE : dialog.ofCallee;
    }

    private void note(Request request) {
        if (request.from() == Side.CALLER && request.calleeTag().isEmpty()) {
            newestInvite = request.cseq();
            return;
        }
        Dialog dialog = find(request.calleeTag());
        if (dialog == null) {
            dialog = new Dialog(request.calleeTag());
            List<Dialog> more = new ArrayList<>(dialogs);
            if (more.size() == MAX_DIALOGS) {
                more.remove(0);
            }
            more.add(dialog);
            dialogs = List.copyOf(more);
        }
        if (request.from() == Side.CALLER) {
            dialog.ofCaller = request.cseq();
        } else {
            dialog.ofCallee = request.cseq();
        }
    }

    private @Nullable Dialog find(String calleeTag) {
        for (Dialog dialog : dialogs) {
            if (dialog.calleeTag.equals(calleeTag)) {
                return dialog;
            }
        }
        return null;
    }
}
