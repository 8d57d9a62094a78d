package io.mediaproxy.jainsip.example;

import io.mediaproxy.jainsip.JainSipMediaProxy;
import java.text.ParseException;
import java.util.function.UnaryOperator;
import javax.sip.ClientTransaction;
import javax.sip.InvalidArgumentException;
import javax.sip.RequestEvent;
import javax.sip.ResponseEvent;
import javax.sip.ServerTransaction;
import javax.sip.SipException;
import javax.sip.address.SipURI;
import javax.sip.header.CSeqHeader;
import javax.sip.header.RouteHeader;
import javax.sip.header.ToHeader;
import javax.sip.header.ViaHeader;
import javax.sip.message.Request;
import javax.sip.message.Response;

/**
 * A stateful SIP proxy (RFC 3261 16) that stays in the path of its calls. There is no word of media in it:
 * {@link JainSipMediaProxy#engage} sees to that.
 *
 * <p>It does not fork, and has no Timer C and no strict routing. The events of one call come to it one after another.
 */
public final class ExampleProxy extends ExampleServer {
    private final UnaryOperator<SipURI> location;

    /** @param location where somebody is: the contact of an address of record, or just what it was given */
    ExampleProxy(ExampleStack sip, UnaryOperator<SipURI> location) {
        super(sip);
        this.location = location;
    }

    /** Takes the address to listen at, the next hop of all calls, and the dispatcher's socket, or {@code embedded}. */
    public static void main(String... args) throws Exception {
        ExampleStack sip = new ExampleStack(ExampleStack.address(args[0]), false);
        SipURI nextHop = sip.uri(ExampleStack.address(args[1]));
        JainSipMediaProxy media = media(args[2]);
        sip.provider.addSipListener(media.engage(new ExampleProxy(sip, callee -> nextHop)));
    }

    @Override
    void onRequest(RequestEvent event) throws SipException, InvalidArgumentException, ParseException {
        Request request = event.getRequest();
        switch (request.getMethod()) {
            case Request.ACK -> forwardAck(request);
            case Request.CANCEL -> Forwarding.cancel(sip, event);
            default -> forward(request, sip.transaction(event));
        }
    }

    private void forward(Request request, ServerTransaction upstream)
            throws SipException, InvalidArgumentException, ParseException {
        if (request.getMethod().equals(Request.INVITE)) {
            upstream.sendResponse(sip.reply(Response.TRYING, upstream));
        }
        Request onward = (Request) request.clone();
        if (!route(onward)) {
            upstream.sendResponse(sip.reply(Response.TOO_MANY_HOPS, upstream));
            return;
        }
        try {
            ClientTransaction downstream = sip.provider.getNewClientTransaction(onward);
            Forwarding.join(sip, upstream, downstream);
            downstream.sendRequest();
        } catch (SipException e) { // nobody to be reached there
            upstream.sendResponse(sip.reply(Response.SERVICE_UNAVAILABLE, upstream));
            throw e;
        }
    }

    /** An ACK to a 2xx has no transaction (RFC 3261 16.11); one to a refusal ends at the transaction that refused. */
    private void forwardAck(Request ack) throws SipException, InvalidArgumentException, ParseException {
        Request onward = (Request) ack.clone();
        if (route(onward)) {
            sip.provider.sendRequest(onward);
        }
    }

    /** Makes a request ready for its next hop (RFC 3261 16.3 to 16.6). False: it has come too far already. */
    private boolean route(Request onward) throws SipException, InvalidArgumentException, ParseException {
        if (!sip.countHop(onward)) {
            return false;
        }
        if (onward.getHeader(RouteHeader.NAME) instanceof RouteHeader top
                && sip.isSelf(top.getAddress().getURI())) {
            onward.removeFirst(RouteHeader.NAME);
        }
        boolean inDialog = ((ToHeader) onward.getHeader(ToHeader.NAME)).getTag() != null;
        boolean routed = inDialog || onward.getHeader(RouteHeader.NAME) != null;
        if (!routed && onward.getRequestURI() instanceof SipURI callee) {
            onward.setRequestURI(location.apply(callee));
        }
        if (onward.getMethod().equals(Request.INVITE)) {
            SipURI self = sip.uri(sip.address);
            self.setLrParam();
            onward.addFirst(sip.headers.createRecordRouteHeader(sip.addresses.createAddress(self)));
        }
        onward.addFirst(sip.via());
        return true;
    }

    @Override
    void onResponse(ResponseEvent event) throws SipException, InvalidArgumentException, ParseException {
        Response response = event.getResponse();
        int status = response.getStatusCode();
        if (((CSeqHeader) response.getHeader(CSeqHeader.NAME)).getMethod().equals(Request.CANCEL)) {
            return; // hop by hop: the caller got ours (RFC 3261 16.10)
        }
        Forwarding forwarding = Forwarding.of(event.getClientTransaction());
        if (forwarding != null && status / 100 == 1) {
            forwarding.proceeding();
        }
        Response onward = (Response) response.clone();
        onward.removeFirst(ViaHeader.NAME);
        if (forwarding != null && forwarding.isOpen()) {
            if (status != Response.TRYING) {
                forwarding.upstream().sendResponse(onward);
            }
        } else if (status / 100 == 2) {
            sip.provider.sendResponse(onward); // repeated: the first one ended both transactions (RFC 3261 16.7)
        }
    }
}
