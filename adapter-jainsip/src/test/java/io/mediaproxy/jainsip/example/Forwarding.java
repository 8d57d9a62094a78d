package io.mediaproxy.jainsip.example;

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
 * A request on its way through a server: the transaction it came in and the one it goes out. Known to both of them, and safe to
 * be used by the events of both.
 */
final class Forwarding {
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

    /** Makes the two transactions know of each other. */
    static void join(ExampleStack sip, ServerTransaction upstream, ClientTransaction downstream) {
        Forwarding forwarding = new Forwarding(sip, upstream, downstream);
        upstream.setApplicationData(forwarding);
        downstream.setApplicationData(forwarding);
    }

    /** Null: the transaction is another one, or over and forgotten. */
    static @Nullable Forwarding of(@Nullable Transaction transaction) {
        return transaction != null && transaction.getApplicationData() instanceof Forwarding known ? known : null;
    }

    ServerTransaction upstream() {
        return upstream;
    }

    /** Whether a reply is still to be given. */
    boolean isOpen() {
        TransactionState state = upstream.getState();
        return TransactionState.TRYING.equals(state) || TransactionState.PROCEEDING.equals(state);
    }

    /** Answers in the place of one who does not. */
    void refuse(int status) throws SipException, InvalidArgumentException, ParseException {
        upstream.sendResponse(sip.reply(status, upstream));
    }

    /** A provisional reply came from downstream. */
    void proceeding() throws SipException {
        if (isCancelDue(true, false)) {
            sendCancel();
        }
    }

    /** A CANCEL goes hop by hop: it is answered here, and ours is sent as soon as it may be (RFC 3261 9.1, 16.10). */
    static void cancel(ExampleStack sip, RequestEvent event)
            throws SipException, InvalidArgumentException, ParseException {
        ServerTransaction cancel = sip.transaction(event);
        Forwarding invite = of(((ServerTransactionExt) cancel).getCanceledInviteTransaction());
        int status = invite == null ? Response.CALL_OR_TRANSACTION_DOES_NOT_EXIST : Response.OK;
        cancel.sendResponse(sip.reply(status, cancel));
        if (invite != null && invite.isCancelDue(false, true)) {
            invite.sendCancel();
        }
    }

    /** True once: when both have happened. */
    private synchronized boolean isCancelDue(boolean nowProceeding, boolean nowCancelled) {
        boolean before = proceeding && cancelled;
        proceeding |= nowProceeding;
        cancelled |= nowCancelled;
        return !before && proceeding && cancelled;
    }

    private void sendCancel() throws SipException {
        if (TransactionState.PROCEEDING.equals(downstream.getState())) { // else the answer has come meanwhile
            sip.provider.getNewClientTransaction(downstream.createCancel()).sendRequest();
        }
    }
}
