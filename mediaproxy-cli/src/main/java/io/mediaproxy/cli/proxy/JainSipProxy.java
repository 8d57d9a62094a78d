package io.mediaproxy.cli.proxy;

import io.mediaproxy.cli.demo.UdpStack;
import io.mediaproxy.jainsip.JainSipMediaProxy;
import io.mediaproxy.session.CallAttributes;
import io.mediaproxy.session.MediaProxy;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.Optional;
import java.util.Set;
import java.util.TooManyListenersException;
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
import javax.sip.ListeningPoint;
import javax.sip.RequestEvent;
import javax.sip.ResponseEvent;
import javax.sip.SipException;
import javax.sip.SipListener;
import javax.sip.SipProvider;
import javax.sip.TimeoutEvent;
import javax.sip.TransactionTerminatedEvent;
import javax.sip.header.CSeqHeader;
import javax.sip.header.CallIdHeader;
import javax.sip.header.ViaHeader;
import javax.sip.message.Message;
import javax.sip.message.Request;
import javax.sip.message.Response;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The proxy on JAIN-SIP: the stack reads the socket, {@link JainSipMediaProxy#engage} sees to the media, and
 * {@link JainSipForwarding} to all else. No transactions are made.
 *
 * <pre>
 *   stack ──► Intake ──► engage(...) ──► Forwarder ──► stack
 *            refuses what                adds or takes
 *            cannot go on                its Via, sends
 * </pre>
 */
public final class JainSipProxy implements ProxyServer {
    private static final Logger LOG = LoggerFactory.getLogger(JainSipProxy.class);
    private static final long PATIENCE_SECONDS = 3;

    private final InetSocketAddress address;
    private final UdpStack stack;
    private final JainSipForwarding forwarding;
    private final ProxyStatistics statistics;
    private final ExecutorService delivery =
            Executors.newSingleThreadExecutor(task -> new Thread(task, "sip-proxy-delivery"));
    /** What waits for the dispatcher, or is being sent; a retransmission meanwhile is the same. */
    private final Set<String> inHand = ConcurrentHashMap.newKeySet();

    private final CompletableFuture<Void> drained = new CompletableFuture<>();
    private volatile boolean draining;

    private JainSipProxy(
            DatagramSocket socket,
            UdpStack stack,
            @Nullable InetSocketAddress next,
            MediaProxy mediaProxy,
            ProxyStatistics statistics)
            throws SipException, InvalidArgumentException, TooManyListenersException {
        this.address = (InetSocketAddress) socket.getLocalSocketAddress();
        this.stack = stack;
        this.statistics = statistics;
        ListeningPoint point = stack.createListeningPoint(
                address.getAddress().getHostAddress(), address.getPort(), ListeningPoint.UDP);
        SipProvider provider = stack.createSipProvider(point);
        this.forwarding = new JainSipForwarding(stack, provider, new Routing(address, next));
        SipListener engaged = new JainSipMediaProxy(mediaProxy)
                .engage(
                        new Forwarder(),
                        event -> {
                            statistics.call();
                            return Optional.of(CallAttributes.NONE);
                        },
                        delivery);
        provider.addSipListener(new Intake(engaged));
    }

    /**
     * Binds the socket and begins.
     *
     * @param listen an IPv4 address of this machine; port 0: the system chooses one
     * @param next the server that requests go to that have no Route; null: the Request-URI says where they go
     * @param mediaProxy stays the caller's to close, after this
     * @throws IOException if nothing can listen there
     * @throws SipException if the stack cannot be started
     */
    public static JainSipProxy start(
            InetSocketAddress listen,
            @Nullable InetSocketAddress next,
            MediaProxy mediaProxy,
            ProxyStatistics statistics)
            throws IOException, SipException {
        DatagramSocket socket = bind(listen);
        UdpStack stack = new UdpStack("proxy", false, socket);
        try {
            return new JainSipProxy(socket, stack, next, mediaProxy, statistics);
        } catch (InvalidArgumentException | TooManyListenersException | SipException e) {
            stack.stop();
            socket.close();
            throw e instanceof SipException problem ? problem : new SipException("the stack takes no listener", e);
        }
    }

    private static DatagramSocket bind(InetSocketAddress listen) throws SocketException {
        DatagramSocket socket = new DatagramSocket(null);
        try {
            socket.bind(listen);
            return socket;
        } catch (SocketException e) {
            socket.close();
            throw e;
        }
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    /** The stack hides what breaks its socket. */
    @Override
    public CompletableFuture<Void> broken() {
        return new CompletableFuture<>();
    }

    /** Takes a second, in which the stack sleeps. */
    @Override
    public void close() {
        draining = true;
        settle();
        try {
            drained.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("{} messages were not sent on", inHand.size());
        }
        delivery.shutdown();
        stack.stop();
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
        String kind = message instanceof Response response
                ? Integer.toString(response.getStatusCode())
                : ((Request) message).getMethod();
        String method = message.getHeader(CSeqHeader.NAME) instanceof CSeqHeader cseq ? cseq.getMethod() : "";
        return kind + ' ' + method + ' ' + callId + ' ' + transaction;
    }

    /** What may throw of the stack. */
    private interface Step {
        void run() throws SipException, IOException, java.text.ParseException, InvalidArgumentException;
    }

    private void attempt(Message message, Step step) {
        try {
            step.run();
        } catch (SipException
                | IOException
                | java.text.ParseException
                | InvalidArgumentException
                | RuntimeException e) {
            statistics.error();
            LOG.debug("not handled: {}", key(message), e);
        }
    }

    /** In front of the media: counts, and stops what cannot go on. */
    private final class Intake extends MessageListener {
        private final SipListener engaged;

        Intake(SipListener engaged) {
            this.engaged = engaged;
        }

        @Override
        public void processRequest(RequestEvent event) {
            Request request = event.getRequest();
            attempt(request, () -> {
                statistics.message();
                if (draining || forwarding.isAckToOwnRefusal(request)) {
                    statistics.dropped();
                    return;
                }
                Refusal refusal = forwarding.decide(request);
                if (refusal == null) {
                    inHand.add(key(request));
                    engaged.processRequest(event);
                } else if (request.getMethod().equals(Request.ACK)) {
                    statistics.dropped();
                } else {
                    statistics.refused();
                    forwarding.refuse(request, refusal);
                }
            });
        }

        @Override
        public void processResponse(ResponseEvent event) {
            statistics.message();
            if (draining || !forwarding.isOurs(event.getResponse())) {
                statistics.dropped();
                return;
            }
            inHand.add(key(event.getResponse()));
            engaged.processResponse(event);
        }
    }

    /** Behind the media. */
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
            attempt(message, step);
            inHand.remove(key);
            settle();
        }
    }

    /** Without transactions and dialogs there are no other events. */
    private abstract static class MessageListener implements SipListener {
        @Override
        public void processTimeout(TimeoutEvent event) {
            LOG.debug("a transaction that nobody made timed out");
        }

        @Override
        public void processIOException(IOExceptionEvent event) {
            LOG.debug("cannot reach {}:{}", event.getHost(), event.getPort());
        }

        @Override
        public void processTransactionTerminated(TransactionTerminatedEvent event) {
            LOG.debug("a transaction that nobody made ended");
        }

        @Override
        public void processDialogTerminated(DialogTerminatedEvent event) {
            LOG.debug("a dialog that nobody made ended");
        }
    }
}
