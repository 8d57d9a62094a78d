package io.mediaproxy.examples.jainsip;

import gov.nist.javax.sip.SipStackImpl;
import io.mediaproxy.examples.Failures;
import io.mediaproxy.examples.ProxyEvents;
import io.mediaproxy.examples.stateless.BranchSeal;
import io.mediaproxy.examples.stateless.Forwarding;
import io.mediaproxy.examples.stateless.HostAddress;
import io.mediaproxy.examples.stateless.ListenAddress;
import io.mediaproxy.examples.stateless.OwnAddresses;
import io.mediaproxy.examples.stateless.Routing;
import io.mediaproxy.jainsip.Slf4jStackLogger;
import io.mediaproxy.protocol.log.Log;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Iterator;
import java.util.List;
import java.util.Properties;
import java.util.TooManyListenersException;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sip.InvalidArgumentException;
import javax.sip.ListeningPoint;
import javax.sip.RequestEvent;
import javax.sip.ServerTransaction;
import javax.sip.SipException;
import javax.sip.SipFactory;
import javax.sip.SipListener;
import javax.sip.SipProvider;
import javax.sip.address.AddressFactory;
import javax.sip.address.SipURI;
import javax.sip.address.URI;
import javax.sip.header.ContactHeader;
import javax.sip.header.ContentTypeHeader;
import javax.sip.header.FromHeader;
import javax.sip.header.Header;
import javax.sip.header.HeaderFactory;
import javax.sip.header.MaxForwardsHeader;
import javax.sip.header.RouteHeader;
import javax.sip.header.ToHeader;
import javax.sip.header.ViaHeader;
import javax.sip.message.Message;
import javax.sip.message.MessageFactory;
import javax.sip.message.Request;
import javax.sip.message.Response;
import org.jspecify.annotations.Nullable;

/**
 * A JAIN-SIP stack that listens at one UDP address. Closing it takes a second and ends all its threads. Thread-safe.
 */
public final class ExampleStack implements AutoCloseable {
    /**
     * Room for the datagrams that arrive during a pause; with the stack's default of 64 KiB a loaded server loses
     * messages.
     */
    private static final int RECEIVE_BUFFER = 2 << 20;

    private static final int ATTEMPTS = 10;
    private static final int DRAIN_MILLIS = 1000;
    private static final Log LOG = Log.of(ExampleStack.class);

    private final AtomicBoolean closed = new AtomicBoolean();
    private final SipStackImpl stack;
    private final SipProvider provider;
    private final EventGate gate;
    private final Failures failures;
    private final InetSocketAddress address;
    private final InetSocketAddress reachable;
    private final OwnAddresses own;
    private volatile Doorway doorway = (array, length, source, waitedNanos) -> null;
    private final BranchSeal seal = new BranchSeal();
    private final HeaderFactory headers;
    private final AddressFactory addresses;
    private final MessageFactory messages;

    /**
     * Binds the socket. Messages are delivered once {@link #serve} is called.
     *
     * @param listen a literal address, which is written into Via, Record-Route and Contact; port 0 takes a free port
     * @param dialogs whether the stack keeps dialogs: a B2BUA needs them, a proxy must not have them
     * @param events counts the messages that the stack drops
     * @throws IOException if the address cannot be bound
     */
    public ExampleStack(InetSocketAddress listen, boolean dialogs, ProxyEvents events)
            throws SipException, IOException {
        this(ListenAddress.at(listen), dialogs, events);
    }

    /** As the other, where others send to another address than the one at which the stack listens. */
    public ExampleStack(ListenAddress listen, boolean dialogs, ProxyEvents events) throws SipException, IOException {
        SipFactory factory = SipFactory.getInstance();
        headers = factory.createHeaderFactory();
        addresses = factory.createAddressFactory();
        messages = factory.createMessageFactory();
        stack = (SipStackImpl) factory.createSipStack(properties(dialogs));
        failures = new Failures(LOG, events, System::nanoTime);
        gate = new EventGate(stack.getEventScanner(), failures);
        stack.setMessageProcessorFactory((transactions, host, port, transport) ->
                new DatagramProcessor(transactions, host, port, this::instead, gate, events, failures));
        ListeningPoint point = listen(listen.socket());
        address = new InetSocketAddress(listen.socket().getAddress(), point.getPort());
        reachable = listen.bound(address).reachable();
        own = new OwnAddresses(listen.bound(address));
        advertise(point, reachable);
        provider = stack.createSipProvider(point);
    }

    /** Names the reachable address in the Via of requests that the stack and the adapter create. */
    private static void advertise(ListeningPoint point, InetSocketAddress reachable) throws SipException {
        try {
            point.setSentBy(reachable.getAddress().getHostAddress() + ':' + reachable.getPort());
        } catch (ParseException e) {
            throw new SipException("JAIN-SIP cannot advertise " + reachable, e);
        }
    }

    private static Properties properties(boolean dialogs) {
        Properties properties = new Properties();
        properties.setProperty("javax.sip.STACK_NAME", "example-" + UUID.randomUUID());
        properties.setProperty("javax.sip.AUTOMATIC_DIALOG_SUPPORT", dialogs ? "on" : "off");
        // A proxy must forward a request that arrives twice, on two branches of a fork.
        properties.setProperty("gov.nist.javax.sip.AUTOMATIC_DIALOG_ERROR_HANDLING", Boolean.toString(dialogs));
        properties.setProperty("gov.nist.javax.sip.STACK_LOGGER", Slf4jStackLogger.class.getName());
        // A body without Content-Length reaches to the end of the datagram (RFC 3261 18.3); the stack would drop it.
        properties.setProperty("gov.nist.javax.sip.MESSAGE_PARSER_FACTORY", DatagramParser.class.getName());
        // One thread handles the datagrams. By default each gets its own thread, and messages overtake each other.
        properties.setProperty("gov.nist.javax.sip.THREAD_POOL_SIZE", "1");
        properties.setProperty("gov.nist.javax.sip.RECEIVE_UDP_BUFFER_SIZE", String.valueOf(RECEIVE_BUFFER));
        // DatagramQueue bounds the messages that wait for their thread, by their age, too.
        properties.setProperty("gov.nist.javax.sip.CONGESTION_CONTROL_TIMEOUT", "0");
        // Answer keep-alives (RFC 5626 4.4.1): the stack does so only with an interval for its own.
        properties.setProperty("gov.nist.javax.sip.MIN_KEEPALIVE_TIME_SECONDS", "1");
        return properties;
    }

    private ListeningPoint listen(InetSocketAddress at) throws SipException, IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                return stack.createListeningPoint(at.getAddress().getHostAddress(), port(at), "udp");
            } catch (InvalidArgumentException e) { // another process took the port in between
                if (at.getPort() != 0 || attempt == ATTEMPTS) {
                    throw new IOException(e.getMessage(), e);
                }
            }
        }
    }

    /** JAIN-SIP refuses port 0, and logs an address that cannot be bound as an error; a socket finds out before. */
    private static int port(InetSocketAddress at) throws IOException {
        try (DatagramSocket socket = new DatagramSocket(at)) {
            return socket.getLocalPort();
        }
    }

    private @Nullable Forwarding instead(byte[] array, int length, InetSocketAddress source, long waitedNanos) {
        return doorway.instead(array, length, source, waitedNanos);
    }

    /** Begins to deliver events to a listener, of the datagrams that pass the doorway. */
    public void serve(SipListener listener, Doorway newDoorway) throws SipException {
        doorway = newDoorway;
        serve(listener);
    }

    /** Begins to deliver events to a listener. */
    public void serve(SipListener listener) throws SipException {
        try {
            provider.addSipListener(gate);
            gate.open(listener);
        } catch (TooManyListenersException e) {
            throw new SipException("the stack has a listener already", e);
        }
    }

    /** The failures of the stack and of the server on it. */
    public Failures failures() {
        return failures;
    }

    public SipStackImpl stack() {
        return stack;
    }

    public SipProvider provider() {
        return provider;
    }

    public InetSocketAddress address() {
        return address;
    }

    /** The address and the advertised one. */
    public ListenAddress listenAddress() {
        return new ListenAddress(address, reachable.getAddress());
    }

    public HeaderFactory headers() {
        return headers;
    }

    public AddressFactory addresses() {
        return addresses;
    }

    public MessageFactory messages() {
        return messages;
    }

    /** {@code sip:user@host:port}; {@code sip:host:port} if the user is null. */
    public SipURI uri(@Nullable String user, InetSocketAddress at) throws ParseException {
        SipURI uri = addresses.createSipURI(user, at.getAddress().getHostAddress());
        uri.setPort(at.getPort());
        return uri;
    }

    /**
     * The Via that a proxy adds. Its branch is bound to the address to which the responses to the request go.
     *
     * @param transaction sixteen digits, equal for all requests that need the same branch
     */
    public ViaHeader via(Request onward, String transaction) throws ParseException, InvalidArgumentException {
        ViaHeader via = via();
        via.setBranch(seal.branch(transaction, responseAddress((ViaHeader) onward.getHeader(ViaHeader.NAME))));
        return via;
    }

    /**
     * Whether {@link #via(Request, String)} is the topmost Via, and the next one leads to where the request came from.
     */
    public boolean isOwn(Response response) {
        Iterator<?> vias = response.getHeaders(ViaHeader.NAME);
        return vias.hasNext()
                && vias.next() instanceof ViaHeader top
                && top.getHost().equals(reachable.getAddress().getHostAddress())
                && port(top) == reachable.getPort()
                && top.getBranch() != null
                && vias.hasNext()
                && seal.isSealed(top.getBranch(), responseAddress((ViaHeader) vias.next()));
    }

    /** The address to which the stack sends a response (RFC 3261 18.2.2, RFC 3581 4). */
    private static String responseAddress(ViaHeader via) {
        String host = via.getReceived() == null ? via.getHost() : via.getReceived();
        String port = via.getParameter("rport");
        return host + ':' + (port == null || port.isEmpty() ? Integer.toString(port(via)) : port);
    }

    private static int port(ViaHeader via) {
        return via.getPort() > 0 ? via.getPort() : Routing.DEFAULT_PORT;
    }

    /** A Via of this server; the stack adds the branch. */
    public ViaHeader via() throws ParseException, InvalidArgumentException {
        return headers.createViaHeader(reachable.getAddress().getHostAddress(), reachable.getPort(), "udp", null);
    }

    public ContactHeader contact() throws ParseException {
        return headers.createContactHeader(addresses.createAddress(uri(null, reachable)));
    }

    /** Whether this URI leads to this server. Names are not looked up. */
    public boolean isSelf(URI uri) {
        InetAddress host = uri instanceof SipURI sip ? HostAddress.parse(sip.getHost()) : null;
        if (host == null) {
            return false;
        }
        int port = ((SipURI) uri).getPort();
        return own.contains(new InetSocketAddress(host, port < 0 ? Routing.DEFAULT_PORT : port));
    }

    /**
     * Whether a request would return to this server, at its next hop by Route or Request-URI. Names are looked up, as
     * the stack does to send the request.
     */
    public boolean returnsHere(Request onward) {
        URI next = onward.getHeader(RouteHeader.NAME) instanceof RouteHeader route
                ? route.getAddress().getURI()
                : onward.getRequestURI();
        if (!(next instanceof SipURI sip)) {
            return false;
        }
        String host = sip.getMAddrParam() == null ? sip.getHost() : sip.getMAddrParam();
        int port = sip.getPort() < 0 ? Routing.DEFAULT_PORT : sip.getPort();
        InetSocketAddress target = new InetSocketAddress(host, port);
        return !target.isUnresolved() && own.contains(target);
    }

    /**
     * Counts this hop in Max-Forwards, of which at most 70 are left. Returns false if the request has no hop left (RFC
     * 3261 16.3, 16.6).
     */
    public boolean countHop(Request onward) throws InvalidArgumentException {
        if (!(onward.getHeader(MaxForwardsHeader.NAME) instanceof MaxForwardsHeader hops)) {
            onward.setHeader(headers.createMaxForwardsHeader(Routing.MAX_FORWARDS));
        } else if (hops.getMaxForwards() == 0) {
            return false;
        } else {
            hops.setMaxForwards(Routing.hopsAfter(hops.getMaxForwards()));
        }
        return true;
    }

    /** Returns the server transaction of a request; from then on it absorbs the retransmissions of the request. */
    public ServerTransaction transaction(RequestEvent event) throws SipException {
        ServerTransaction known = event.getServerTransaction();
        return known == null ? provider.getNewServerTransaction(event.getRequest()) : known;
    }

    /** A response of this server. All but a 100 get a To tag, within a dialog that of the dialog (RFC 3261 8.2.6.2). */
    public Response response(int status, ServerTransaction transaction) throws ParseException {
        Response response = messages.createResponse(status, transaction.getRequest());
        ToHeader to = (ToHeader) response.getHeader(ToHeader.NAME);
        if (status != Response.TRYING && to.getTag() == null) {
            String tag = transaction.getDialog() == null
                    ? null
                    : transaction.getDialog().getLocalTag();
            to.setTag(tag == null ? UUID.randomUUID().toString() : tag);
        }
        return response;
    }

    /** A new INVITE with a new Call-ID, between the same parties as a received one, without its body. */
    public Request invite(SipURI target, Request received)
            throws SipException, InvalidArgumentException, ParseException {
        FromHeader from = (FromHeader) received.getHeader(FromHeader.NAME);
        ToHeader to = (ToHeader) received.getHeader(ToHeader.NAME);
        Request invite = messages.createRequest(
                target,
                Request.INVITE,
                provider.getNewCallId(),
                headers.createCSeqHeader(1L, Request.INVITE),
                headers.createFromHeader(from.getAddress(), UUID.randomUUID().toString()),
                headers.createToHeader(to.getAddress(), null),
                List.of(via()),
                headers.createMaxForwardsHeader(Routing.MAX_FORWARDS));
        if (received.getHeader(MaxForwardsHeader.NAME) instanceof MaxForwardsHeader hops) {
            invite.setHeader((Header) hops.clone()); // so that a loop ends
        }
        invite.setHeader(contact());
        return invite;
    }

    /** Both messages then share the array: the stack does not write into it. */
    public static void copyBody(Message from, Message to) throws ParseException {
        if (from.getRawContent() != null && from.getHeader(ContentTypeHeader.NAME) instanceof ContentTypeHeader type) {
            to.setContent(from.getRawContent(), type);
        }
    }

    /** Whether the stack has begun to close: a message that it still hands over cannot be answered. */
    boolean isClosed() {
        return closed.get();
    }

    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        drain();
        stack.stop();
        gate.wake();
    }

    /**
     * Waits until the messages that have arrived are handled: stopping the stack interrupts its thread, and a message
     * in the middle would be logged as an error. The stack responds to a keep-alive (RFC 5626 4.4.1) when it has
     * handled everything before it.
     */
    private void drain() {
        byte[] keepAlive = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(address.getAddress(), 0))) {
            socket.setSoTimeout(DRAIN_MILLIS);
            socket.send(new DatagramPacket(keepAlive, keepAlive.length, address));
            socket.receive(new DatagramPacket(new byte[keepAlive.length], keepAlive.length));
        } catch (IOException e) {
            LOG.debug("the stack is closed without a response to its keep-alive", e);
        }
    }
}
