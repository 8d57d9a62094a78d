package io.mediaproxy.examples.jainsip.proxy;

import io.mediaproxy.examples.ProxyEvents;
import io.mediaproxy.examples.jainsip.ExampleServer;
import io.mediaproxy.examples.jainsip.ExampleStack;
import io.mediaproxy.examples.jainsip.Forwarding;
import io.mediaproxy.jainsip.JainSipMediaProxy;
import io.mediaproxy.session.MediaProxy;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.text.ParseException;
import java.util.HexFormat;
import java.util.function.Function;
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
 * A stateful SIP proxy (RFC 3261 16) that stays in the path of its calls. One line of it is about media: {@link #start}
 * puts {@link JainSipMediaProxy#engage} between the stack and the proxy.
 *
 * <p>It does not fork, and has no Timer C and no strict routing. The events of one call arrive one after another.
 * Thread-safe.
 */
public final class ExampleProxy extends ExampleServer {
    private static final int FORWARD = 0;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Function<SipURI, InetSocketAddress> location;

    private ExampleProxy(ExampleStack sip, Function<SipURI, InetSocketAddress> location) {
        super(sip);
        this.location = location;
    }

    /**
     * Starts the proxy.
     *
     * @param listen a literal address of this machine; port 0 takes a free port
     * @param location finds the address to which the first request of a call goes, by its Request-URI
     * @param mediaProxy remains the caller's to close, after the proxy
     * @throws IOException if the address cannot be bound
     */
    public static ExampleProxy start(
            InetSocketAddress listen, Function<SipURI, InetSocketAddress> location, MediaProxy mediaProxy)
            throws SipException, IOException {
        ExampleStack sip = new ExampleStack(listen, false, ProxyEvents.NONE);
        ExampleProxy proxy = new ExampleProxy(sip, location);
        sip.serve(new JainSipMediaProxy(mediaProxy).engage(proxy));
        return proxy;
    }

    @Override
    protected void onRequest(RequestEvent event) throws SipException, InvalidArgumentException, ParseException {
        Request request = event.getRequest();
        switch (request.getMethod()) {
            case Request.ACK -> forwardAck(request);
            case Request.CANCEL -> Forwarding.cancel(sip(), event);
            default -> forward(request, sip().transaction(event));
        }
    }

    private void forward(Request request, ServerTransaction upstream)
            throws SipException, InvalidArgumentException, ParseException {
        if (request.getMethod().equals(Request.INVITE)) {
            upstream.sendResponse(sip().response(Response.TRYING, upstream));
        }
        Request onward = (Request) request.clone();
        int refusal = route(onward);
        if (refusal != FORWARD) {
            upstream.sendResponse(sip().response(refusal, upstream));
            return;
        }
        try {
            ClientTransaction downstream = sip().provider().getNewClientTransaction(onward);
            Forwarding.join(sip(), upstream, downstream);
            downstream.sendRequest();
        } catch (SipException e) { // the next hop cannot be reached
            upstream.sendResponse(sip().response(Response.SERVICE_UNAVAILABLE, upstream));
            throw e;
        }
    }

    /**
     * An ACK to a 2xx has no transaction (RFC 3261 16.11); the ACK to a refusal ends at the transaction that refused.
     */
    private void forwardAck(Request ack) throws SipException, InvalidArgumentException, ParseException {
        Request onward = (Request) ack.clone();
        if (route(onward) == FORWARD) {
            sip().provider().sendRequest(onward);
        }
    }

    /**
     * Prepares a request for its next hop (RFC 3261 16.3 to 16.6). Returns the status with which to refuse it, or
     * {@link #FORWARD}.
     */
    private int route(Request onward) throws SipException, InvalidArgumentException, ParseException {
        if (!sip().countHop(onward)) {
            return Response.TOO_MANY_HOPS;
        }
        while (onward.getHeader(RouteHeader.NAME) instanceof RouteHeader top
                && sip().isSelf(top.getAddress().getURI())) {
            onward.removeFirst(RouteHeader.NAME);
        }
        boolean inDialog = ((ToHeader) onward.getHeader(ToHeader.NAME)).getTag() != null;
        boolean routed = inDialog || onward.getHeader(RouteHeader.NAME) != null;
        if (!routed && onward.getRequestURI() instanceof SipURI callee) {
            onward.setRequestURI(sip().uri(callee.getUser(), location.apply(callee)));
        }
        if (sip().returnsHere(onward)) {
            return Response.LOOP_DETECTED;
        }
        if (onward.getMethod().equals(Request.INVITE)) {
            SipURI self = sip().uri(null, address());
            self.setLrParam();
            onward.addFirst(
                    sip().headers().createRecordRouteHeader(sip().addresses().createAddress(self)));
        }
        onward.addFirst(sip().via(onward, HexFormat.of().toHexDigits(RANDOM.nextLong())));
        return FORWARD;
    }

    @Override
    protected void onResponse(ResponseEvent event) throws SipException, InvalidArgumentException, ParseException {
        Response response = event.getResponse();
        if (!sip().isOwn(response)) {
            return; // to a request that the proxy did not forward; the stack would send it on, to whatever its Via
            // names
        }
        int status = response.getStatusCode();
        if (((CSeqHeader) response.getHeader(CSeqHeader.NAME)).getMethod().equals(Request.CANCEL)) {
            return; // hop by hop: the caller got a response already (RFC 3261 16.10)
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
            sip().provider()
                    .sendResponse(onward); // a repeated 2xx: the first one ended both transactions (RFC 3261 16.7)
        }
    }
}
