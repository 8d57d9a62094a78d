package io.mediaproxy.examples.jainsip.b2bua;

import io.mediaproxy.examples.ProxyEvents;
import io.mediaproxy.examples.jainsip.ExampleServer;
import io.mediaproxy.examples.jainsip.ExampleStack;
import io.mediaproxy.examples.jainsip.Forwarding;
import io.mediaproxy.jainsip.JainSipMediaProxy;
import io.mediaproxy.session.MediaProxy;
import java.io.IOException;
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
import javax.sip.message.Request;
import javax.sip.message.Response;

/**
 * A back-to-back user agent: each call is two dialogs with two Call-IDs, and every message of one dialog is sent again
 * in the other, offers and answers included. One line of it is about media: {@link #start} puts
 * {@link JainSipMediaProxy#engage} between the stack and the server.
 *
 * <p>It does not fork and has no reliable provisional responses. The events of one dialog arrive one after another.
 * Thread-safe.
 */
public final class ExampleB2bua extends ExampleServer {
    private final Function<SipURI, InetSocketAddress> location;

    private ExampleB2bua(ExampleStack sip, Function<SipURI, InetSocketAddress> location) {
        super(sip);
        this.location = location;
    }

    /**
     * Starts the server.
     *
     * @param listen a literal address of this machine; port 0 takes a free port
     * @param location finds the address to which a call goes, by its Request-URI
     * @param mediaProxy remains the caller's to close, after the server
     * @throws IOException if the address cannot be bound
     */
    public static ExampleB2bua start(
            InetSocketAddress listen, Function<SipURI, InetSocketAddress> location, MediaProxy mediaProxy)
            throws SipException, IOException {
        ExampleStack sip = new ExampleStack(listen, true, ProxyEvents.NONE);
        ExampleB2bua server = new ExampleB2bua(sip, location);
        sip.serve(new JainSipMediaProxy(mediaProxy).engage(server));
        return server;
    }

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
            ExampleStack.copyBody(request, onward);
            ClientTransaction downstream = sip().provider().getNewClientTransaction(onward);
            Forwarding.join(sip(), upstream, downstream);
            if (call) {
                Peer.link(incoming, downstream.getDialog(), 0);
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
            ExampleStack.copyBody(response, onward);
            if (status / 100 == 2 && cseq.getMethod().equals(Request.INVITE)) {
                Peer.link(upstream.getDialog(), event.getDialog(), cseq.getSeqNumber());
            }
            upstream.sendResponse(onward);
        }
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
        Dialog other = Peer.of(dialog).dialog();
        Peer.unlink(dialog, other);
        if (other.getState() == null || DialogState.TERMINATED.equals(other.getState())) {
            return; // the call was refused
        }
        other.sendRequest(sip().provider().getNewClientTransaction(other.createRequest(Request.BYE)));
    }
}
