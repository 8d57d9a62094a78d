package io.mediaproxy.examples.jainsip;

import gov.nist.javax.sip.ServerTransactionExt;
import java.text.ParseException;
import javax.sip.ClientTransaction;
import javax.sip.InvalidArgumentException;
import javax.sip.RequestEvent;
import javax.sip.ServerTransaction;
import javax.sip.SipException;
import javax.sip.Transaction;
import javax.sip.TransactionState;
import javax.sip.message.Response;
import org.jspecify.annotations.Nullable;

/**
 * A request on its way through a server: the transaction in which it arrived and the one in which it is forwarded. Both
 * transactions refer to it. Thread-safe.
 */
public final class Forwarding {
    private final ExampleStack sip;
    private final ServerTransaction upstream;
    private final ClientTransaction downstream;
    private boolean proceeding;
    private boolean cancelled;

    private Forwarding(ExampleStack sip, ServerTransaction upstream, ClientTransaction downstream) {
        this.sip = sip;
        this.upstream = upstream;
        this.downstream = downstream;
    }

    /** Attaches a new forwarding to both transactions. */
    public static void join(ExampleStack sip, ServerTransaction upstream, ClientTransaction downstream) {
        Forwarding forwarding = new Forwarding(sip, upstream, downstream);
        upstream.setApplicationData(forwarding);
        downstream.setApplicationData(forwarding);
    }

    /** Returns the forwarding of a transaction; null if the transaction has none, or is over. */
    public static @Nullable Forwarding of(@Nullable Transaction transaction) {
        return transaction != null && transaction.getApplicationData() instanceof Forwarding known ? known : null;
    }

    public ServerTransaction upstream() {
        return upstream;
    }

    /** Whether the final response is still to be sent. */
    public boolean isOpen() {
        TransactionState state = upstream.getState();
        return TransactionState.TRYING.equals(state) || TransactionState.PROCEEDING.equals(state);
    }

    /** Responds for a server downstream that does not. */
    void refuse(int status) throws SipException, InvalidArgumentException, ParseException {
        upstream.sendResponse(sip.response(status, upstream));
    }

    /** Notes a provisional response from downstream. */
    public void proceeding() throws SipException {
        if (isCancelDue(true, false)) {
            sendCancel();
        }
    }

    /**
     * Responds to a CANCEL, which goes hop by hop, and sends another one as soon as that is allowed (RFC 3261 9.1,
     * 16.10).
     */
    public static void cancel(ExampleStack sip, RequestEvent event)
            throws SipException, InvalidArgumentException, ParseException {
        ServerTransaction cancel = sip.transaction(event);
        Forwarding invite = of(((ServerTransactionExt) cancel).getCanceledInviteTransaction());
        int status = invite == null ? Response.CALL_OR_TRANSACTION_DOES_NOT_EXIST : Response.OK;
        cancel.sendResponse(sip.response(status, cancel));
        if (invite != null && invite.isCancelDue(false, true)) {
            invite.sendCancel();
        }
    }

    /** Returns true once: when both have happened. */
    private synchronized boolean isCancelDue(boolean nowProceeding, boolean nowCancelled) {
        boolean before = proceeding && cancelled;
        proceeding |= nowProceeding;
        cancelled |= nowCancelled;
        return !before && proceeding && cancelled;
    }

    private void sendCancel() throws SipException {
        if (TransactionState.PROCEEDING.equals(downstream.getState())) { // otherwise the response arrived in between
            sip.provider().getNewClientTransaction(downstream.createCancel()).sendRequest();
        }
    }
}
