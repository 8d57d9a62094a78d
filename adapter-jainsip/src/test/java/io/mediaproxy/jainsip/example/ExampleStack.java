package io.mediaproxy.jainsip.example;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.text.ParseException;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import javax.sip.InvalidArgumentException;
import javax.sip.ListeningPoint;
import javax.sip.RequestEvent;
import javax.sip.ServerTransaction;
import javax.sip.SipException;
import javax.sip.SipFactory;
import javax.sip.SipProvider;
import javax.sip.SipStack;
import javax.sip.address.AddressFactory;
import javax.sip.address.SipURI;
import javax.sip.address.URI;
import javax.sip.header.ContactHeader;
import javax.sip.header.ContentTypeHeader;
import javax.sip.header.FromHeader;
import javax.sip.header.Header;
import javax.sip.header.HeaderFactory;
import javax.sip.header.MaxForwardsHeader;
import javax.sip.header.ToHeader;
import javax.sip.header.ViaHeader;
import javax.sip.message.Message;
import javax.sip.message.MessageFactory;
import javax.sip.message.Request;
import javax.sip.message.Response;

/** A JAIN-SIP stack that listens at one UDP address, as both examples use it. Closing it takes a second. */
final class ExampleStack implements AutoCloseable {
    private static final int MAX_FORWARDS = 70;
    private static final int ATTEMPTS = 10;

    final SipProvider provider;
    final HeaderFactory headers;
    final AddressFactory addresses;
    final MessageFactory messages;
    final InetSocketAddress address;
    private final SipStack stack;

    /**
     * @param listen a literal address, which goes into Via, Record-Route and Contact; port 0: one that is free
     * @param dialogs whether the stack keeps dialogs, as a B2BUA needs it and a proxy must not
     */
    ExampleStack(InetSocketAddress listen, boolean dialogs) throws SipException {
        SipFactory factory = SipFactory.getInstance();
        headers = factory.createHeaderFactory();
        addresses = factory.createAddressFactory();
        messages = factory.createMessageFactory();
        stack = factory.createSipStack(properties(dialogs));
        ListeningPoint point = listen(listen);
        address = new InetSocketAddress(point.getIPAddress(), point.getPort());
        provider = stack.createSipProvider(point);
    }

    private static Properties properties(boolean dialogs) {
        Properties properties = new Properties();
        properties.setProperty("javax.sip.STACK_NAME", "example-" + UUID.randomUUID());
        properties.setProperty("javax.sip.AUTOMATIC_DIALOG_SUPPORT", dialogs ? "on" : "off");
        // A proxy must let a request pass that comes by twice, on two branches of a fork.
        properties.setProperty("gov.nist.javax.sip.AUTOMATIC_DIALOG_ERROR_HANDLING", Boolean.toString(dialogs));
        properties.setProperty("gov.nist.javax.sip.STACK_LOGGER", Slf4jStackLogger.class.getName());
        // One thread reads the socket: by default each datagram gets one, and messages overtake each other.
        properties.setProperty("gov.nist.javax.sip.THREAD_POOL_SIZE", "1");
        // What comes in while the machine is busy; with its default of 64 KiB a loaded server loses messages.
        properties.setProperty("gov.nist.javax.sip.RECEIVE_UDP_BUFFER_SIZE", String.valueOf(2 << 20));
        return properties;
    }

    private ListeningPoint listen(InetSocketAddress at) throws SipException {
        String host = at.getAddress().getHostAddress();
        for (int attempt = 1; ; attempt++) {
            try {
                return stack.createListeningPoint(host, at.getPort() == 0 ? freePort(at) : at.getPort(), "udp");
            } catch (InvalidArgumentException e) {
                if (at.getPort() != 0 || attempt == ATTEMPTS) { // else somebody was faster: another one
                    throw new SipException("cannot listen at " + at, e);
                }
            }
        }
    }

    /** JAIN-SIP refuses port 0. */
    private static int freePort(InetSocketAddress at) {
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(at.getAddress(), 0))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("no UDP port at " + at.getAddress(), e);
        }
    }

    /** {@code sip:host:port}. */
    SipURI uri(InetSocketAddress at) throws ParseException {
        SipURI uri = addresses.createSipURI(null, at.getAddress().getHostAddress());
        uri.setPort(at.getPort());
        return uri;
    }

    /** A Via of this server; the stack adds the branch. */
    ViaHeader via() throws ParseException, InvalidArgumentException {
        return headers.createViaHeader(address.getAddress().getHostAddress(), address.getPort(), "udp", null);
    }

    /** Whether this URI leads here. */
    boolean isSelf(URI uri) {
        return uri instanceof SipURI sip
                && sip.getHost().equals(address.getAddress().getHostAddress())
                && sip.getPort() == address.getPort();
    }

    /** Counts this hop in Max-Forwards. False: the request has made too many, and ends here (RFC 3261 16.3, 16.6). */
    boolean countHop(Request onward) throws InvalidArgumentException {
        if (!(onward.getHeader(MaxForwardsHeader.NAME) instanceof MaxForwardsHeader hops)) {
            onward.setHeader(headers.createMaxForwardsHeader(MAX_FORWARDS));
        } else if (hops.getMaxForwards() == 0) {
            return false;
        } else {
            hops.setMaxForwards(hops.getMaxForwards() - 1);
        }
        return true;
    }

    /** The transaction that absorbs the retransmissions of this request from now on. */
    ServerTransaction transaction(RequestEvent event) throws SipException {
        ServerTransaction known = event.getServerTransaction();
        return known == null ? provider.getNewServerTransaction(event.getRequest()) : known;
    }

    /** A reply of our own; all but a 100 are tagged, those of a dialog with its tag (RFC 3261 8.2.6.2). */
    Response reply(int status, ServerTransaction transaction) throws ParseException {
        Response reply = messages.createResponse(status, transaction.getRequest());
        ToHeader to = (ToHeader) reply.getHeader(ToHeader.NAME);
        if (status != Response.TRYING && to.getTag() == null) {
            String tag = transaction.getDialog() == null
                    ? null
                    : transaction.getDialog().getLocalTag();
            to.setTag(tag == null ? UUID.randomUUID().toString() : tag);
        }
        return reply;
    }

    /** An INVITE with a Call-ID of our own, for the same people as the one that came; without its body. */
    Request invite(SipURI target, Request invite) throws SipException, InvalidArgumentException, ParseException {
        FromHeader from = (FromHeader) invite.getHeader(FromHeader.NAME);
        ToHeader to = (ToHeader) invite.getHeader(ToHeader.NAME);
        Request own = messages.createRequest(
                target,
                Request.INVITE,
                provider.getNewCallId(),
                headers.createCSeqHeader(1L, Request.INVITE),
                headers.createFromHeader(from.getAddress(), UUID.randomUUID().toString()),
                headers.createToHeader(to.getAddress(), null),
                List.of(via()),
                headers.createMaxForwardsHeader(MAX_FORWARDS));
        if (invite.getHeader(MaxForwardsHeader.NAME) instanceof MaxForwardsHeader hops) {
            own.setHeader((Header) hops.clone()); // so that a loop ends
        }
        own.setHeader(contact());
        return own;
    }

    ContactHeader contact() throws ParseException {
        return headers.createContactHeader(addresses.createAddress(uri(address)));
    }

    /** The array itself is the same in both messages: the stack does not write into it. */
    static void copyBody(Message from, Message to) throws ParseException {
        if (from.getRawContent() != null && from.getHeader(ContentTypeHeader.NAME) instanceof ContentTypeHeader type) {
            to.setContent(from.getRawContent(), type);
        }
    }

    /** {@code host:port} of a command line. */
    static InetSocketAddress address(String hostAndPort) {
        int colon = hostAndPort.lastIndexOf(':');
        return new InetSocketAddress(
                hostAndPort.substring(0, colon), Integer.parseInt(hostAndPort.substring(colon + 1)));
    }

    @Override
    public void close() {
        stack.stop();
    }
}
