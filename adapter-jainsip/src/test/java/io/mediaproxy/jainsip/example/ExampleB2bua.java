package io.mediaproxy.jainsip.example;

import io.mediaproxy.jainsip.JainSipMediaProxy;
import java.text.ParseException;
import java.util.function.UnaryOperator;
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
import javax.sip.message.Request;
import javax.sip.message.Response;

/**
 * A back-to-back user agent: each call is two dialogs with two Call-IDs, and what is said in the one is said again in the other,
 * offers and answers included. There is no word of media in it: {@link JainSipMediaProxy#engage} sees to that.
 *
 * <p>It does not fork and has no reliable provisional replies. The events of one dialog come to it one after another.
 */
public final class ExampleB2bua extends ExampleServer {
    private final UnaryOperator<SipURI> location;

    /** @param location where somebody is: the contact of an address of record, or just what it was given */
    ExampleB2bua(ExampleStack sip, UnaryOperator<SipURI> location) {
        super(sip);
        this.location = location;
    }

    /** Takes the address to listen at, the next hop of all calls, and the dispatcher's socket, or {@code embedded}. */
    public static void main(String... args) throws Exception {
        ExampleStack sip = new ExampleStack(ExampleStack.address(args[0]), true);
        SipURI nextHop = sip.uri(ExampleStack.address(args[1]));
        JainSipMediaProxy media = media(args[2]);
        sip.provider.addSipListener(media.engage(new ExampleB2bua(sip, callee -> nextHop)));
    }

    @Override
    void onRequest(RequestEvent event) throws SipException, InvalidArgumentException, ParseException {
        Request request = event.getRequest();
        switch (request.getMethod()) {
            case Request.ACK -> acknowledge(event.getDialog(), request);
            case Request.CANCEL -> Forwarding.cancel(sip, event);
            case Request.BYE -> {
                ServerTransaction bye = sip.transaction(event);
                bye.sendResponse(sip.reply(Response.OK, bye));
                hangUp(event.getDialog());
            }
            default -> forward(request, sip.transaction(event));
        }
    }

    private void forward(Request request, ServerTransaction upstream)
            throws SipException, InvalidArgumentException, ParseException {
        boolean invite = request.getMethod().equals(Request.INVITE);
        boolean call = invite && ((ToHeader) request.getHeader(ToHeader.NAME)).getTag() == null;
        if (invite) {
            upstream.sendResponse(sip.reply(Response.TRYING, upstream));
        }
        try {
            Dialog incoming = upstream.getDialog();
            Request onward = call
                    ? sip.invite(location.apply((SipURI) request.getRequestURI()), request)
                    : Peer.of(incoming).dialog().createRequest(request.getMethod());
            if (!sip.countHop(onward)) {
                upstream.sendResponse(sip.reply(Response.TOO_MANY_HOPS, upstream));
                return;
            }
            ExampleStack.copyBody(request, onward);
            ClientTransaction downstream = sip.provider.getNewClientTransaction(onward);
            Forwarding.join(sip, upstream, downstream);
            if (call) {
                Peer.link(incoming, downstream.getDialog(), 0);
                downstream.sendRequest();
            } else {
                Peer.of(incoming).dialog().sendRequest(downstream);
            }
        } catch (SipException e) { // nobody to be reached there
            int status = call ? Response.SERVICE_UNAVAILABLE : Response.CALL_OR_TRANSACTION_DOES_NOT_EXIST;
            upstream.sendResponse(sip.reply(status, upstream));
            throw e;
        }
    }

    @Override
    void onResponse(ResponseEvent event) throws SipException, InvalidArgumentException, ParseException {
        Response response = event.getResponse();
        int status = response.getStatusCode();
        CSeqHeader cseq = (CSeqHeader) response.getHeader(CSeqHeader.NAME);
        Forwarding forwarding = Forwarding.of(event.getClientTransaction());
        if (forwarding == null || !forwarding.isOpen()) {
            return; // to our BYE or CANCEL; or a 2xx again, whose ACK is on its way
        }
        if (status / 100 == 1) {
            forwarding.proceeding();
        }
        ServerTransaction upstream = forwarding.upstream();
        if (status != Response.TRYING) {
            Response onward = sip.reply(mapped(status), upstream);
            onward.setHeader(sip.contact());
            ExampleStack.copyBody(response, onward);
            if (status / 100 == 2 && cseq.getMethod().equals(Request.INVITE)) {
                Peer.link(upstream.getDialog(), event.getDialog(), cseq.getSeqNumber());
            }
            upstream.sendResponse(onward);
        }
    }

    /** Redirections are not followed, and the caller cannot answer a challenge that is ours. */
    private static int mapped(int status) {
        return switch (status) {
            case Response.UNAUTHORIZED, Response.PROXY_AUTHENTICATION_REQUIRED -> Response.FORBIDDEN;
            default -> status / 100 == 3 ? Response.TEMPORARILY_UNAVAILABLE : status;
        };
    }

    /** End to end: an ACK may carry the answer. */
    private void acknowledge(Dialog dialog, Request ack) throws SipException, InvalidArgumentException, ParseException {
        Peer peer = Peer.of(dialog);
        Request onward = peer.dialog().createAck(peer.inviteSequence());
        ExampleStack.copyBody(ack, onward);
        peer.dialog().sendAck(onward);
    }

    /** Without a BYE: the stack gave it up. */
    @Override
    public void processDialogTerminated(DialogTerminatedEvent event) {
        if (event.getDialog().getApplicationData() != null) {
            attempt(() -> hangUp(event.getDialog()), "the end of a dialog");
        }
    }

    private void hangUp(Dialog dialog) throws SipException {
        Dialog other = Peer.of(dialog).dialog();
        Peer.unlink(dialog, other);
        if (other.getState() == null || DialogState.TERMINATED.equals(other.getState())) {
            return; // a call that was refused
        }
        other.sendRequest(sip.provider.getNewClientTransaction(other.createRequest(Request.BYE)));
    }
}
