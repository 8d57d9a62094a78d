package io.mediaproxy.cli.demo;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.text.ParseException;
import java.util.Map;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import javax.sip.ClientTransaction;
import javax.sip.InvalidArgumentException;
import javax.sip.RequestEvent;
import javax.sip.ResponseEvent;
import javax.sip.ServerTransaction;
import javax.sip.SipException;
import javax.sip.SipListener;
import javax.sip.TimeoutEvent;
import javax.sip.TransactionState;
import javax.sip.header.CSeqHeader;
import javax.sip.header.ToHeader;
import javax.sip.header.ViaHeader;
import javax.sip.message.Message;
import javax.sip.message.Request;
import javax.sip.message.Response;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A transaction stateful SIP proxy (RFC 3261 16) with record routing. It knows nothing of media: what is to be done about them is
 * done between the stack and the proxy.
 *
 * <p>It has one branch a request, no Timer C and no authentication: as much as a call between two phones takes.
 */
final class StatefulProxy implements SipUser, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(StatefulProxy.class);

    private final SipEndpoint endpoint;
    private final ProxyRoute route;
    /** INVITEs without a final reply, by the branch that their CANCEL has too (RFC 3261 9.2). */
    private final Map<String, ProxyLeg> ringing = new ConcurrentHashMap<>();

    private StatefulProxy(SipEndpoint endpoint, ProxyRoute route) {
        this.endpoint = endpoint;
        this.route = route;
    }

    /**
     * Opens a proxy on a port that the system chooses.
     *
     * @param domain the domain that it serves
     * @param subscribers users of that domain, and where they are
     * @param media stands between the stack and the proxy
     */
    static StatefulProxy start(
            InetAddress bind,
            String domain,
            Map<String, InetSocketAddress> subscribers,
            UnaryOperator<SipListener> media,
            WireTap tap)
            throws SipException, SocketException {
        SipEndpoint endpoint = SipEndpoint.open("proxy", bind, false, tap);
        StatefulProxy proxy = new StatefulProxy(endpoint, new ProxyRoute(endpoint, domain, subscribers));
        endpoint.serve(proxy, media);
        return proxy;
    }

    InetSocketAddress address() {
        return endpoint.address();
    }

    @Override
    public void onRequest(RequestEvent event) throws SipException, InvalidArgumentException, ParseException {
        Request request = event.getRequest();
        switch (request.getMethod()) {
            case Request.ACK -> forwardAck(request);
            case Request.CANCEL -> onCancel(event);
            default -> {
                ServerTransaction upstream = upstream(event);
                if (request.getMethod().equals(Request.INVITE)) {
                    upstream.sendResponse(endpoint.messages().createResponse(Response.TRYING, request));
                }
                forward(upstream, request);
            }
        }
    }

    @Override
    public void onResponse(ResponseEvent event) throws SipException {
        Response response = event.getResponse();
        if (method(response).equals(Request.CANCEL)) {
            return; // Hop by hop: the caller got our own (RFC 3261 16.10).
        }
        ClientTransaction downstream = event.getClientTransaction();
        Response onward = (Response) response.clone();
        onward.removeFirst(ViaHeader.NAME);
        ProxyLeg leg = downstream != null && downstream.getApplicationData() instanceof ProxyLeg known ? known : null;
        if (leg != null && response.getStatusCode() / 100 == 1) {
            leg.provisional(endpoint.provider());
        }
        if (response.getStatusCode() == Response.TRYING) {
            return; // RFC 3261 16.7, step 5: a 100 is never forwarded.
        }
        if (leg != null && isOpen(leg.upstream())) {
            reply(leg.upstream(), onward);
        } else if (response.getStatusCode() / 100 == 2) {
            // Sent again after the first one ended our transactions: it goes by its Via (RFC 3261 16.7, 13.3.1.4).
            endpoint.provider().sendResponse(onward);
        }
    }

    @Override
    public void onTimeout(TimeoutEvent event) throws SipException, InvalidArgumentException, ParseException {
        ClientTransaction downstream = event.getClientTransaction();
        if (downstream != null && downstream.getApplicationData() instanceof ProxyLeg leg) {
            refuse(leg.upstream(), leg.upstream().getRequest(), Response.REQUEST_TIMEOUT);
        }
    }

    private void onCancel(RequestEvent event) throws SipException, InvalidArgumentException, ParseException {
        ServerTransaction cancel = upstream(event);
        Request request = event.getRequest();
        ProxyLeg invite = ringing.get(branch(request));
        cancel.sendResponse(
                ownReply(request, invite == null ? Response.CALL_OR_TRANSACTION_DOES_NOT_EXIST : Response.OK));
        if (invite != null) {
            invite.cancel(endpoint.provider());
        }
    }

    private void forward(ServerTransaction upstream, Request request)
            throws SipException, InvalidArgumentException, ParseException {
        Request onward = (Request) request.clone();
        OptionalInt refusal = route.apply(onward);
        if (refusal.isPresent()) {
            refuse(upstream, request, refusal.getAsInt());
            return;
        }
        try {
            onward.addFirst(endpoint.via());
            ClientTransaction downstream = endpoint.provider().getNewClientTransaction(onward);
            ProxyLeg leg = new ProxyLeg(upstream, downstream);
            downstream.setApplicationData(leg);
            if (request.getMethod().equals(Request.INVITE)) {
                ringing.put(branch(request), leg);
            }
            downstream.sendRequest();
        } catch (SipException e) {
            log.warn("{} cannot be forwarded: {}", request.getMethod(), e.toString());
            refuse(upstream, request, Response.SERVICE_UNAVAILABLE);
        }
    }

    private void forwardAck(Request ack) throws SipException, InvalidArgumentException, ParseException {
        Request onward = (Request) ack.clone();
        if (route.apply(onward).isEmpty()) {
            onward.addFirst(endpoint.via());
            endpoint.provider().sendRequest(onward); // An ACK to 2xx has no transaction (RFC 3261 16.11).
        }
    }

    private void refuse(ServerTransaction upstream, Request request, int status)
            throws SipException, InvalidArgumentException, ParseException {
        if (isOpen(upstream)) {
            reply(upstream, ownReply(request, status));
        }
    }

    private void reply(ServerTransaction upstream, Response response) throws SipException {
        if (response.getStatusCode() >= Response.OK) {
            ringing.remove(branch(upstream.getRequest()));
        }
        try {
            upstream.sendResponse(response);
        } catch (InvalidArgumentException e) {
            throw new SipException("the reply cannot be sent", e);
        }
    }

    private Response ownReply(Request request, int status) throws ParseException {
        Response reply = endpoint.messages().createResponse(status, request);
        ToHeader to = (ToHeader) reply.getHeader(ToHeader.NAME);
        if (to.getTag() == null) {
            to.setTag(UUID.randomUUID().toString()); // RFC 3261 8.2.6.2
        }
        return reply;
    }

    private ServerTransaction upstream(RequestEvent event) throws SipException {
        @Nullable ServerTransaction known = event.getServerTransaction();
        return known == null ? endpoint.provider().getNewServerTransaction(event.getRequest()) : known;
    }

    private static boolean isOpen(ServerTransaction transaction) {
        return !TransactionState.TERMINATED.equals(transaction.getState());
    }

    private static String branch(Request request) {
        ViaHeader via = (ViaHeader) request.getHeader(ViaHeader.NAME);
        return via.getHost() + ':' + via.getPort() + ' ' + via.getBranch();
    }

    private static String method(Message message) {
        return ((CSeqHeader) message.getHeader(CSeqHeader.NAME)).getMethod();
    }

    @Override
    public void close() {
        endpoint.close();
    }
}
