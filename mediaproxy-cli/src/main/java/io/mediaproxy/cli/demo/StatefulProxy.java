package io.mediaproxy.cli.demo;

import gov.nist.javax.sip.RequestEventExt;
import gov.nist.javax.sip.ResponseEventExt;
import gov.nist.javax.sip.ServerTransactionExt;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.text.ParseException;
import java.util.Map;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.sip.ClientTransaction;
import javax.sip.InvalidArgumentException;
import javax.sip.RequestEvent;
import javax.sip.ResponseEvent;
import javax.sip.ServerTransaction;
import javax.sip.SipException;
import javax.sip.TimeoutEvent;
import javax.sip.TransactionState;
import javax.sip.header.CSeqHeader;
import javax.sip.header.CallIdHeader;
import javax.sip.header.ToHeader;
import javax.sip.header.ViaHeader;
import javax.sip.message.Message;
import javax.sip.message.Request;
import javax.sip.message.Response;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A transaction stateful SIP proxy (RFC 3261 16) with record routing, that shows every message to a {@link MediaHook} before it
 * forwards it.
 *
 * <p>It has one branch a request, no Timer C and no authentication: as much as a call between two phones takes.
 *
 * <p>The stack's event thread only takes messages in: it makes the server transaction, which absorbs retransmissions from then on, and
 * hands over to the proxy's own thread. That thread does not wait either; {@link CallOrder} keeps the messages of a call in order
 * while the hook is at work.
 */
final class StatefulProxy implements SipUser, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(StatefulProxy.class);

    private final SipEndpoint endpoint;
    private final ProxyRoute route;
    private final MediaHook hook;
    private final ExecutorService thread;
    private final CallOrder order;

    private StatefulProxy(SipEndpoint endpoint, ProxyRoute route, MediaHook hook) {
        this.endpoint = endpoint;
        this.route = route;
        this.hook = hook;
        this.thread = Executors.newSingleThreadExecutor(task -> new Thread(task, "proxy"));
        this.order = new CallOrder(thread);
    }

    /**
     * Opens a proxy on a port that the system chooses.
     *
     * @param domain the domain that it serves
     * @param subscribers users of that domain, and where they are
     */
    static StatefulProxy start(
            InetAddress bind, String domain, Map<String, InetSocketAddress> subscribers, MediaHook hook, WireTap tap)
            throws SipException, SocketException {
        SipEndpoint endpoint = SipEndpoint.open("proxy", bind, false, tap);
        StatefulProxy proxy = new StatefulProxy(endpoint, new ProxyRoute(endpoint, domain, subscribers), hook);
        endpoint.serve(proxy);
        return proxy;
    }

    InetSocketAddress address() {
        return endpoint.address();
    }

    @Override
    public void onRequest(RequestEvent event) throws SipException, InvalidArgumentException, ParseException {
        Request request = event.getRequest();
        RequestEventExt origin = (RequestEventExt) event;
        InetSocketAddress source = new InetSocketAddress(origin.getRemoteIpAddress(), origin.getRemotePort());
        switch (request.getMethod()) {
            case Request.ACK -> order.then(callId(request), () -> forwardAck(request));
            case Request.CANCEL -> onCancel(event);
            default -> {
                ServerTransaction upstream = upstream(event);
                if (request.getMethod().equals(Request.INVITE)) {
                    upstream.sendResponse(endpoint.messages().createResponse(Response.TRYING, request));
                }
                order.then(callId(request), () -> forward(upstream, request, source));
            }
        }
    }

    @Override
    public void onResponse(ResponseEvent event) {
        Response response = event.getResponse();
        ResponseEventExt origin = (ResponseEventExt) event;
        InetSocketAddress source = new InetSocketAddress(origin.getRemoteIpAddress(), origin.getRemotePort());
        if (cseq(response).getMethod().equals(Request.CANCEL)) {
            return; // Hop by hop: the caller got our own (RFC 3261 16.10).
        }
        ClientTransaction downstream = event.getClientTransaction();
        order.then(callId(response), () -> forward(downstream, response, source));
    }

    @Override
    public void onTimeout(TimeoutEvent event) {
        ClientTransaction downstream = event.getClientTransaction();
        if (downstream != null && downstream.getApplicationData() instanceof ProxyLeg leg) {
            Request request = leg.upstream().getRequest();
            order.then(callId(request), () -> fail(leg.upstream(), request, Response.REQUEST_TIMEOUT));
        }
    }

    private void onCancel(RequestEvent event) throws SipException, InvalidArgumentException, ParseException {
        ServerTransaction cancel = upstream(event);
        Request request = event.getRequest();
        ServerTransaction invite = ((ServerTransactionExt) cancel).getCanceledInviteTransaction();
        if (invite == null) {
            cancel.sendResponse(ownReply(request, Response.CALL_OR_TRANSACTION_DOES_NOT_EXIST));
            return;
        }
        cancel.sendResponse(ownReply(request, Response.OK));
        // In its turn: the INVITE has been forwarded by then, or refused.
        order.then(callId(request), () -> {
            if (invite.getApplicationData() instanceof ProxyLeg leg) {
                leg.cancel(endpoint.provider());
            }
            return done();
        });
    }

    private CompletionStage<Void> forward(ServerTransaction upstream, Request request, InetSocketAddress source)
            throws SipException, InvalidArgumentException, ParseException {
        Request onward = (Request) request.clone();
        OptionalInt refusal = route.apply(onward);
        if (refusal.isPresent()) {
            return refuse(upstream, request, refusal.getAsInt());
        }
        return afterHook(onward, source, () -> {
            try {
                onward.addFirst(endpoint.via());
                ClientTransaction downstream = endpoint.provider().getNewClientTransaction(onward);
                ProxyLeg leg = new ProxyLeg(upstream, downstream);
                downstream.setApplicationData(leg);
                upstream.setApplicationData(leg);
                downstream.sendRequest();
                return done();
            } catch (SipException e) {
                log.warn("call {} cannot be forwarded: {}", callId(request), e.toString());
                return fail(upstream, request, Response.SERVICE_UNAVAILABLE);
            }
        });
    }

    private CompletionStage<Void> forward(
            @Nullable ClientTransaction downstream, Response response, InetSocketAddress source) throws SipException {
        Response onward = (Response) response.clone();
        onward.removeFirst(ViaHeader.NAME);
        ProxyLeg leg = downstream != null && downstream.getApplicationData() instanceof ProxyLeg known ? known : null;
        if (leg != null && response.getStatusCode() / 100 == 1) {
            leg.provisional(endpoint.provider());
        }
        if (response.getStatusCode() == Response.TRYING) {
            return done(); // RFC 3261 16.7, step 5: a 100 is never forwarded.
        }
        return afterHook(onward, source, () -> {
            if (leg != null && isOpen(leg.upstream())) {
                leg.upstream().sendResponse(onward);
            } else if (response.getStatusCode() / 100 == 2) {
                // Sent again after the first one ended our transactions: it goes by its Via (RFC 3261 16.7, 13.3.1.4).
                endpoint.provider().sendResponse(onward);
            }
            return done();
        });
    }

    private CompletionStage<Void> forwardAck(Request ack)
            throws SipException, InvalidArgumentException, ParseException {
        Request onward = (Request) ack.clone();
        if (route.apply(onward).isEmpty()) {
            onward.addFirst(endpoint.via());
            endpoint.provider().sendRequest(onward); // An ACK to 2xx has no transaction (RFC 3261 16.11).
        }
        return done();
    }

    /** Answers a request that the hook has not seen. */
    private CompletionStage<Void> refuse(ServerTransaction upstream, Request request, int status)
            throws SipException, InvalidArgumentException, ParseException {
        if (isOpen(upstream)) {
            upstream.sendResponse(ownReply(request, status));
        }
        return done();
    }

    /** Answers a request that the hook has seen, in the place of a callee that did not: the hook sees this reply, too. */
    private CompletionStage<Void> fail(ServerTransaction upstream, Request request, int status) throws ParseException {
        Response reply = ownReply(request, status);
        return afterHook(reply, endpoint.address(), () -> {
            if (isOpen(upstream)) {
                upstream.sendResponse(reply);
            }
            return done();
        });
    }

    private Response ownReply(Request request, int status) throws ParseException {
        Response reply = endpoint.messages().createResponse(status, request);
        ToHeader to = (ToHeader) reply.getHeader(ToHeader.NAME);
        if (to.getTag() == null) {
            to.setTag(UUID.randomUUID().toString()); // RFC 3261 8.2.6.2
        }
        return reply;
    }

    /** Shows the message to the hook and then, on the proxy's thread, takes the step. */
    private CompletionStage<Void> afterHook(Message onward, InetSocketAddress source, CallOrder.Step step) {
        return askHook(onward, source)
                .exceptionally(problem -> {
                    log.warn("call {} goes on without the relay: {}", callId(onward), problem.toString());
                    return null;
                })
                .thenComposeAsync(nothing -> CallOrder.take(step), thread);
    }

    private CompletionStage<Void> askHook(Message onward, InetSocketAddress source) {
        try {
            return hook.before(onward, source);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private ServerTransaction upstream(RequestEvent event) throws SipException {
        ServerTransaction known = event.getServerTransaction();
        return known == null ? endpoint.provider().getNewServerTransaction(event.getRequest()) : known;
    }

    private static boolean isOpen(ServerTransaction transaction) {
        return !TransactionState.TERMINATED.equals(transaction.getState());
    }

    private static String callId(Message message) {
        return ((CallIdHeader) message.getHeader(CallIdHeader.NAME)).getCallId();
    }

    private static CSeqHeader cseq(Message message) {
        return (CSeqHeader) message.getHeader(CSeqHeader.NAME);
    }

    private static CompletionStage<Void> done() {
        return CompletableFuture.completedFuture(null);
    }

    /** Takes no more messages, and forwards those that are with the hook as long as it does not take too long. */
    @Override
    public void close() {
        order.close();
        endpoint.close();
        thread.shutdown();
    }
}
