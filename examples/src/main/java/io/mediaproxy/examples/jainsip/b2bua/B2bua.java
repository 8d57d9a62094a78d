package io.mediaproxy.examples.jainsip.b2bua;

import io.mediaproxy.examples.jainsip.ExampleServer;
import io.mediaproxy.examples.jainsip.ExampleStack;
import io.mediaproxy.examples.jainsip.Forwarding;
import io.mediaproxy.jainsip.JainSipMediaProxy;
import java.net.InetSocketAddress;
import java.text.ParseException;
import java.util.function.Function;
import javax.sip.ClientTransaction;
import javax.sip.Dialog;
import javax.sip.DialogState;
import javax.sip.DialogTerminatedEvent;
import javax.sip.InvalidArgumentException;
import javax.sip.RequestEvent;
import javax.sip.ResponseEvent;
import javax.sip.ServerTransaction;
import javax.sip.SipException;
import javax.sip.address.SipURI;
import javax.sip.header.CSeqHeader;
import javax.sip.header.ToHeader;
import javax.sip.message.Message;
import javax.sip.message.Request;
import javax.sip.message.Response;

/**
 * The signaling of a back-to-back user agent: each call is two dialogs with two Call-IDs, and every message of one
 * dialog is sent again in the other, offers and answers included.
 *
 * <p>It does not fork and has no reliable provisional responses. The events of one dialog arrive one after another.
 * Thread-safe.
 */
abstract class B2bua extends ExampleServer {
    private final Function<SipURI, InetSocketAddress> location;

    B2bua(ExampleStack sip, Function<SipURI, InetSocketAddress> location) {
        super(sip);
        this.location = location;
    }

    /**
     * Handles an offer before it is copied to the other dialog.
     *
     * @param caller the dialog of the party that made the call
     */
    abstract void offer(Dialog caller, Message message, String sourceAddress);

    /** Handles an answer before it is copied to the other dialog. */
    abstract void answer(Dialog caller, Message message, String sourceAddress);

    /** Handles the end of a call, once. */
    abstract void end(Dialog caller);

    @Override
    protected void onRequest(RequestEvent event) throws SipException, InvalidArgumentException, ParseException {
        Request request = event.getRequest();
        switch (request.getMethod()) {
            case Request.ACK -> acknowledge(event.getDialog(), request);
            case Request.CANCEL -> Forwarding.cancel(sip(), event);
            case Request.BYE -> {
                ServerTransaction bye = sip().transaction(event);
                bye.sendResponse(sip().response(Response.OK, bye));
                hangUp(event.getDialog());
            }
            default -> forward(request, sip().transaction(event));
        }
    }

    private void forward(Request request, ServerTransaction upstream)
            throws SipException, InvalidArgumentException, ParseException {
        boolean invite = request.getMethod().equals(Request.INVITE);
        boolean call = invite && ((ToHeader) request.getHeader(ToHeader.NAME)).getTag() == null;
        if (invite) {
            upstream.sendResponse(sip().response(Response.TRYING, upstream));
        }
        try {
            Dialog incoming = upstream.getDialog();
            Request onward =
                    call ? newCall(request) : Peer.of(incoming).dialog().createRequest(request.getMethod());
            if (!sip().countHop(onward)) {
                upstream.sendResponse(sip().response(Response.TOO_MANY_HOPS, upstream));
                return;
            }
            ClientTransaction downstream = sip().provider().getNewClientTransaction(onward);
            Forwarding.join(sip(), upstream, downstream);
            if (call) {
                Peer.link(incoming, downstream.getDialog(), 0, incoming);
            }
            if (carriesOffers(request) && request.getRawContent() != null) {
                offer(Peer.of(incoming).caller(), request, JainSipMediaProxy.sourceAddress(request));
            }
            ExampleStack.copyBody(request, onward);
            if (call) {
                downstream.sendRequest();
            } else {
                Peer.of(incoming).dialog().sendRequest(downstream);
            }
        } catch (SipException e) { // the next hop cannot be reached
            int status = call ? Response.SERVICE_UNAVAILABLE : Response.CALL_OR_TRANSACTION_DOES_NOT_EXIST;
            upstream.sendResponse(sip().response(status, upstream));
            throw e;
        }
    }

    private Request newCall(Request received) throws SipException, InvalidArgumentException, ParseException {
        SipURI callee = (SipURI) received.getRequestURI();
        return sip().invite(sip().uri(callee.getUser(), location.apply(callee)), received);
    }

    @Override
    protected void onResponse(ResponseEvent event) throws SipException, InvalidArgumentException, ParseException {
        Response response = event.getResponse();
        int status = response.getStatusCode();
        CSeqHeader cseq = (CSeqHeader) response.getHeader(CSeqHeader.NAME);
        Forwarding forwarding = Forwarding.of(event.getClientTransaction());
        if (forwarding == null || !forwarding.isOpen()) {
            return; // the response to a BYE or CANCEL of this server, or a repeated 2xx whose ACK is on its way
        }
        if (status / 100 == 1) {
            forwarding.proceeding();
        }
        ServerTransaction upstream = forwarding.upstream();
        if (status != Response.TRYING) {
            Response onward = sip().response(mapped(status), upstream);
            onward.setHeader(sip().contact());
            if (status < 300 && response.getRawContent() != null && carriesOffers(upstream.getRequest())) {
                offerOrAnswer(event, upstream);
            }
            ExampleStack.copyBody(response, onward);
            if (status / 100 == 2 && cseq.getMethod().equals(Request.INVITE)) {
                Dialog asked = upstream.getDialog();
                Peer.link(
                        asked,
                        event.getDialog(),
                        cseq.getSeqNumber(),
                        Peer.of(asked).caller());
            }
            upstream.sendResponse(onward);
        }
    }

    /** The response to an INVITE without an offer has the offer; the ACK has the answer then (RFC 3264 4). */
    private void offerOrAnswer(ResponseEvent event, ServerTransaction upstream) throws SipException {
        Dialog caller = Peer.of(upstream.getDialog()).caller();
        Response response = event.getResponse();
        String source = JainSipMediaProxy.sourceAddress(event);
        if (upstream.getRequest().getRawContent() == null) {
            offer(caller, response, source);
        } else {
            answer(caller, response, source);
        }
    }

    /** PRACK does, too, but only with reliable provisional responses. */
    private static boolean carriesOffers(Request request) {
        return request.getMethod().equals(Request.INVITE) || request.getMethod().equals(Request.UPDATE);
    }

    /** Redirections are not followed, and the caller cannot answer a challenge to this server. */
    private static int mapped(int status) {
        return switch (status) {
            case Response.UNAUTHORIZED, Response.PROXY_AUTHENTICATION_REQUIRED -> Response.FORBIDDEN;
            default -> status / 100 == 3 ? Response.TEMPORARILY_UNAVAILABLE : status;
        };
    }

    /** Sends the ACK end to end, because it may carry the answer. */
    private void acknowledge(Dialog dialog, Request ack) throws SipException, InvalidArgumentException, ParseException {
        Peer peer = Peer.of(dialog);
        Request onward = peer.dialog().createAck(peer.inviteSequence());
        if (ack.getRawContent() != null) {
            answer(peer.caller(), ack, JainSipMediaProxy.sourceAddress(ack));
        }
        ExampleStack.copyBody(ack, onward);
        peer.dialog().sendAck(onward);
    }

    /** Hangs up the other dialog if the stack ended one without a BYE. */
    @Override
    public void processDialogTerminated(DialogTerminatedEvent event) {
        if (event.getDialog().getApplicationData() != null) {
            attempt(() -> hangUp(event.getDialog()), "the end of a dialog");
        }
    }

    private void hangUp(Dialog dialog) throws SipException {
        Peer peer = Peer.of(dialog);
        Dialog other = peer.dialog();
        Peer.unlink(dialog, other);
        end(peer.caller());
        if (other.getState() == null || DialogState.TERMINATED.equals(other.getState())) {
            return; // the call was refused
        }
        other.sendRequest(sip().provider().getNewClientTransaction(other.createRequest(Request.BYE)));
    }
}
