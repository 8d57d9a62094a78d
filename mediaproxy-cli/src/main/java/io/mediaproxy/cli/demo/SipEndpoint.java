package io.mediaproxy.cli.demo;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.List;
import java.util.TooManyListenersException;
import java.util.function.UnaryOperator;
import javax.sip.DialogTerminatedEvent;
import javax.sip.IOExceptionEvent;
import javax.sip.InvalidArgumentException;
import javax.sip.ListeningPoint;
import javax.sip.RequestEvent;
import javax.sip.ResponseEvent;
import javax.sip.SipException;
import javax.sip.SipFactory;
import javax.sip.SipListener;
import javax.sip.SipProvider;
import javax.sip.TimeoutEvent;
import javax.sip.TransactionTerminatedEvent;
import javax.sip.address.AddressFactory;
import javax.sip.address.SipURI;
import javax.sip.header.HeaderFactory;
import javax.sip.header.UserAgentHeader;
import javax.sip.header.ViaHeader;
import javax.sip.message.MessageFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A SIP element over UDP: one JAIN-SIP stack on a port that the system chose, and one user above it.
 *
 * <p>What the user throws is logged and ends only the event at hand. Thread-safe. Closing ends all threads of the stack and takes
 * a second.
 */
final class SipEndpoint implements AutoCloseable {
    static final String TRANSPORT = ListeningPoint.UDP;

    private static final int PONG_MILLIS = 1000;
    private static final Logger log = LoggerFactory.getLogger(SipEndpoint.class);

    private final String name;
    private final InetSocketAddress address;
    private final TappedSocket socket;
    private final UdpStack stack;
    private final SipProvider provider;
    private final HeaderFactory headers;
    private final AddressFactory addresses;
    private final MessageFactory messages;
    private volatile boolean closed;

    private SipEndpoint(String name, TappedSocket socket, UdpStack stack) throws SipException {
        this.name = name;
        this.socket = socket;
        this.address = (InetSocketAddress) socket.getLocalSocketAddress();
        this.stack = stack;
        SipFactory factory = SipFactory.getInstance();
        this.headers = factory.createHeaderFactory();
        this.addresses = factory.createAddressFactory();
        this.messages = factory.createMessageFactory();
        try {
            this.provider = stack.createSipProvider(
                    stack.createListeningPoint(address.getAddress().getHostAddress(), address.getPort(), TRANSPORT));
        } catch (InvalidArgumentException e) {
            throw new SipException(name + " cannot listen at " + address, e);
        }
    }

    /**
     * Opens the socket. Nothing is delivered before {@link #serve}.
     *
     * @param dialogs whether the stack keeps dialogs, as a phone needs it and a proxy must not
     */
    static SipEndpoint open(String name, InetAddress bind, boolean dialogs, WireTap tap)
            throws SipException, SocketException {
        TappedSocket socket = new TappedSocket(bind, tap);
        UdpStack stack = new UdpStack(name, dialogs, socket);
        try {
            return new SipEndpoint(name, socket, stack);
        } catch (SipException e) {
            stack.stop();
            socket.close();
            throw e;
        }
    }

    /** Begins to deliver what arrives to this user. */
    void serve(SipUser user) throws SipException {
        serve(user, UnaryOperator.identity());
    }

    /** @param between stands between the stack and the user */
    void serve(SipUser user, UnaryOperator<SipListener> between) throws SipException {
        try {
            provider.addSipListener(between.apply(new Delivery(user)));
        } catch (TooManyListenersException e) {
            throw new SipException(name + " serves somebody already", e);
        }
    }

    InetSocketAddress address() {
        return address;
    }

    SipProvider provider() {
        return provider;
    }

    HeaderFactory headers() {
        return headers;
    }

    AddressFactory addresses() {
        return addresses;
    }

    MessageFactory messages() {
        return messages;
    }

    /** {@code sip:user@address:port} of this endpoint; without a user if it is null. */
    SipURI uri(@Nullable String user) throws ParseException {
        return uri(user, address);
    }

    SipURI uri(@Nullable String user, InetSocketAddress at) throws ParseException {
        SipURI uri = addresses.createSipURI(user, at.getAddress().getHostAddress());
        uri.setPort(at.getPort());
        return uri;
    }

    /** This endpoint as a loose router (RFC 3261 16.12.1.1). */
    SipURI looseRoute(InetSocketAddress router) throws ParseException {
        SipURI uri = uri(null, router);
        uri.setLrParam();
        return uri;
    }

    /** A Via of this endpoint; the transaction layer adds the branch. */
    ViaHeader via() throws ParseException, InvalidArgumentException {
        return headers.createViaHeader(address.getAddress().getHostAddress(), address.getPort(), TRANSPORT, null);
    }

    UserAgentHeader userAgent() throws ParseException {
        return headers.createUserAgentHeader(List.of("mediaproxy-demo-" + name));
    }

    @Override
    public void close() {
        awaitWhatHasArrived();
        closed = true;
        stack.stop();
    }

    /**
     * Stopping interrupts the thread that takes messages in, and one in its hands would end in a stack trace. So a keep-alive goes
     * last: its pong (RFC 5626 3.5.1) comes when all that arrived before it has been taken, and nothing is let in behind it.
     */
    private void awaitWhatHasArrived() {
        byte[] ping = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        try (DatagramSocket pinger = new DatagramSocket(new InetSocketAddress(address.getAddress(), 0))) {
            socket.receiveOnlyFrom(pinger.getLocalSocketAddress());
            pinger.setSoTimeout(PONG_MILLIS);
            pinger.send(new DatagramPacket(ping, ping.length, address));
            pinger.receive(new DatagramPacket(new byte[ping.length], ping.length));
        } catch (IOException e) {
            log.debug("{} is closed without a pong: {}", name, e.toString());
        }
    }

    @FunctionalInterface
    private interface Handling {
        void run() throws SipException, InvalidArgumentException, ParseException;
    }

    private final class Delivery implements SipListener {
        private final SipUser user;

        Delivery(SipUser user) {
            this.user = user;
        }

        @Override
        public void processRequest(RequestEvent event) {
            handle(() -> user.onRequest(event), event.getRequest().getMethod());
        }

        @Override
        public void processResponse(ResponseEvent event) {
            handle(() -> user.onResponse(event), event.getResponse().getReasonPhrase());
        }

        @Override
        public void processTimeout(TimeoutEvent event) {
            handle(() -> user.onTimeout(event), "timeout");
        }

        @Override
        public void processIOException(IOExceptionEvent event) {
            if (!closed) {
                log.warn("{} cannot reach {}:{}", name, event.getHost(), event.getPort());
            }
        }

        @Override
        public void processTransactionTerminated(TransactionTerminatedEvent event) {
            // Nobody keeps state by transaction.
        }

        @Override
        public void processDialogTerminated(DialogTerminatedEvent event) {
            // A phone learns of the end from the BYE.
        }

        private void handle(Handling handling, String what) {
            if (closed) {
                return;
            }
            try {
                handling.run();
            } catch (SipException | InvalidArgumentException | ParseException | RuntimeException e) {
                if (closed) {
                    log.debug("{} was closed while it handled {}", name, what, e);
                } else {
                    log.warn("{} could not handle {}: {}", name, what, e.toString(), e);
                }
            }
        }
    }
}
