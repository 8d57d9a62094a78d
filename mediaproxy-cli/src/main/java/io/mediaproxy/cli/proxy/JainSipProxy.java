package io.mediaproxy.cli.proxy;

import io.mediaproxy.examples.ProxyEvents;
import io.mediaproxy.examples.SipServer;
import io.mediaproxy.examples.jainsip.Doorway;
import io.mediaproxy.examples.jainsip.ExampleStack;
import io.mediaproxy.examples.stateless.CallGate;
import io.mediaproxy.examples.stateless.Forwarding;
import io.mediaproxy.examples.stateless.ListenAddress;
import io.mediaproxy.examples.stateless.Refusal;
import io.mediaproxy.examples.stateless.Routing;
import io.mediaproxy.jainsip.JainSipMediaProxy;
import io.mediaproxy.protocol.log.Log;
import io.mediaproxy.session.CallAttributes;
import io.mediaproxy.session.MediaProxy;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sip.DialogTerminatedEvent;
import javax.sip.IOExceptionEvent;
import javax.sip.InvalidArgumentException;
import javax.sip.RequestEvent;
import javax.sip.ResponseEvent;
import javax.sip.SipException;
import javax.sip.SipListener;
import javax.sip.TimeoutEvent;
import javax.sip.TransactionTerminatedEvent;
import javax.sip.header.CSeqHeader;
import javax.sip.header.CallIdHeader;
import javax.sip.header.ToHeader;
import javax.sip.header.ViaHeader;
import javax.sip.message.Message;
import javax.sip.message.Request;
import javax.sip.message.Response;
import org.jspecify.annotations.Nullable;

/**
 * The proxy on JAIN-SIP: the stack reads the socket, {@link JainSipMediaProxy#engage} handles the media, and
 * {@link JainSipForwarding} the rest. It creates no transactions. Thread-safe.
 *
 * <pre>
 *   stack ──► Intake ──► engage(...) ──► Forwarder ──► stack
 *            refuses requests            adds or removes
 *            that cannot go on           its Via, sends
 * </pre>
 */
public final class JainSipProxy implements SipServer {
    private static final Log LOG = Log.of(JainSipProxy.class);

    /** Maximum messages that wait for the dispatcher; further ones are dropped. */
    private static final int MAX_HELD = 4096;

    private static final long PATIENCE_SECONDS = 3;

    private final ExampleStack sip;
    private final JainSipForwarding forwarding;
    private final ProxyEvents events;
    private final ExecutorService delivery =
            Executors.newSingleThreadExecutor(task -> new Thread(task, "sip-proxy-delivery"));
    /** The messages that wait for the dispatcher or are being sent. Their retransmissions have the same key. */
    private final Set<String> inHand = ConcurrentHashMap.newKeySet();

    private final CompletableFuture<Void> drained = new CompletableFuture<>();
    private volatile boolean draining;

    private JainSipProxy(ExampleStack sip, @Nullable InetSocketAddress next, ProxyEvents events) {
        this.sip = sip;
        this.forwarding = new JainSipForwarding(sip, next);
        this.events = events;
    }

    /**
     * Starts the proxy.
     *
     * @param listen an IPv4 address of this machine; port 0 takes a free port
     * @param next the server to which requests without a Route go; null if their Request-URI names the address
     * @param mediaProxy remains the caller's to close, after the proxy
     * @throws IOException if the address cannot be bound
     * @throws IllegalArgumentException if the next server is the proxy
     */
    public static JainSipProxy start(
            InetSocketAddress listen, @Nullable InetSocketAddress next, MediaProxy mediaProxy, ProxyEvents events)
            throws IOException, SipException {
        return start(ListenAddress.at(listen), next, mediaProxy, events);
    }

    /** As the other, where others send to another address than the one at which the proxy listens. */
    public static JainSipProxy start(
            ListenAddress listen, @Nullable InetSocketAddress next, MediaProxy mediaProxy, ProxyEvents events)
            throws IOException, SipException {
        ExampleStack sip = new ExampleStack(listen, false, events);
        JainSipProxy proxy;
        try {
            proxy = new JainSipProxy(sip, next, events);
        } catch (RuntimeException e) {
            sip.close();
            throw e;
        }
        SipListener engaged = new JainSipMediaProxy(mediaProxy)
                .engage(
                        proxy.new Forwarder(),
                        event -> {
                            events.call();
                            return Optional.of(CallAttributes.NONE);
                        },
                        proxy.delivery);
        sip.serve(
                proxy.new Intake(engaged),
                proxy.doorway(new CallGate(new Routing(sip.listenAddress(), next), mediaProxy)));
        return proxy;
    }

    /** Refuses new calls that would be late before the stack parses them, and takes the ACKs to such refusals. */
    private Doorway doorway(CallGate callGate) {
        return (array, length, source, waitedNanos) -> {
            Forwarding refusal = callGate.refusal(array, length, source, waitedNanos);
            if (refusal != null) {
                events.message();
                events.turnedAway();
                return refusal;
            }
            if (callGate.isAckToRefusal(array, length)) {
                events.message();
                events.dropped();
                return new Forwarding.Dropped("the ACK to a refusal of this proxy");
            }
            return null;
        };
    }

    @Override
    public InetSocketAddress address() {
        return sip.address();
    }

    @Override
    public CompletableFuture<Void> broken() {
        return sip.failures().broken();
    }

    /** Stops reading, forwards the messages that wait for the dispatcher, and ends. Takes at least a second. */
    @Override
    public void close() {
        draining = true;
        settle();
        try {
            drained.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("{} messages were not forwarded", inHand.size());
        }
        delivery.shutdown();
        sip.close();
    }

    private void settle() {
        if (draining && inHand.isEmpty()) {
            drained.complete(null);
        }
    }

    private static String key(Message message) {
        String transaction = message.getHeader(ViaHeader.NAME) instanceof ViaHeader via
                ? via.getHost() + ':' + via.getPort() + ' ' + via.getBranch()
                : "";
        String callId = message.getHeader(CallIdHeader.NAME) instanceof CallIdHeader header ? header.getCallId() : "";
        String method = message.getHeader(CSeqHeader.NAME) instanceof CSeqHeader cseq ? cseq.getMethod() : "";
        return kind(message) + ' ' + method + ' ' + callId + ' ' + transaction;
    }

    /** Returns the method; of a response its status and callee, as two callees of a fork may answer one request. */
    private static String kind(Message message) {
        if (message instanceof Request request) {
            return request.getMethod();
        }
        String callee = message.getHeader(ToHeader.NAME) instanceof ToHeader to ? to.getTag() : "";
        return ((Response) message).getStatusCode() + " " + callee;
    }

    /** An action on the stack, with the exceptions that it throws. */
    private interface Step {
        void run() throws SipException, IOException, java.text.ParseException, InvalidArgumentException;
    }

    private void attempt(Step step) {
        try {
            step.run();
        } catch (Throwable e) { // one message's failure costs that message
            sip.failures().add("a message was not handled", e);
        }
    }

    /** Between the stack and the media: counts, and stops messages that cannot be forwarded. */
    private final class Intake extends MessageListener {
        private final SipListener engaged;

        Intake(SipListener engaged) {
            this.engaged = engaged;
        }

        @Override
        public void processRequest(RequestEvent event) {
            Request request = event.getRequest();
            attempt(() -> {
                events.message();
                if (draining || forwarding.isAckToOwnRefusal(request)) {
                    events.dropped();
                    return;
                }
                Refusal refusal = forwarding.decide(request);
                if (refusal == null) {
                    hold(request, () -> engaged.processRequest(event));
                } else if (request.getMethod().equals(Request.ACK)) {
                    events.dropped();
                } else {
                    events.refused();
                    forwarding.refuse(request, refusal);
                }
            });
        }

        @Override
        public void processResponse(ResponseEvent event) {
            attempt(() -> {
                events.message();
                if (draining) {
                    events.dropped();
                } else if (!sip.isOwn(event.getResponse())) {
                    events.strayResponse();
                } else {
                    hold(event.getResponse(), () -> engaged.processResponse(event));
                }
            });
        }

        private void hold(Message message, Runnable next) {
            String key = key(message);
            if (inHand.size() >= MAX_HELD) {
                events.overloaded();
                return;
            }
            if (!inHand.add(key)) {
                events.dropped(); // a retransmission: its original is forwarded soon
                return;
            }
            boolean handed = false;
            try {
                next.run();
                handed = true;
            } finally {
                if (!handed) {
                    inHand.remove(key); // so that close() does not wait for it
                }
            }
        }
    }

    /** Sends the messages after the media were handled. */
    private final class Forwarder extends MessageListener {
        @Override
        public void processRequest(RequestEvent event) {
            Request request = event.getRequest();
            sent(request, () -> forwarding.forward(request));
        }

        @Override
        public void processResponse(ResponseEvent event) {
            Response response = event.getResponse();
            sent(response, () -> forwarding.forward(response));
        }

        private void sent(Message message, Step step) {
            String key = key(message);
            attempt(step);
            inHand.remove(key);
            settle();
        }
    }

    /** Logs the other events, which do not occur without transactions and dialogs. */
    private abstract static class MessageListener implements SipListener {
        @Override
        public void processTimeout(TimeoutEvent event) {
            LOG.debug("unexpected timeout of a transaction");
        }

        @Override
        public void processIOException(IOExceptionEvent event) {
            LOG.debug("the next hop of a message cannot be reached");
        }

        @Override
        public void processTransactionTerminated(TransactionTerminatedEvent event) {
            LOG.debug("unexpected end of a transaction");
        }

        @Override
        public void processDialogTerminated(DialogTerminatedEvent event) {
            LOG.debug("unexpected end of a dialog");
        }
    }
}
