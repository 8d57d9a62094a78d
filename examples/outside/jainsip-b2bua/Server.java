package outside;

import java.net.DatagramSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import javax.sip.ClientTransaction;
import javax.sip.Dialog;
import javax.sip.DialogTerminatedEvent;
import javax.sip.IOExceptionEvent;
import javax.sip.ListeningPoint;
import javax.sip.RequestEvent;
import javax.sip.ResponseEvent;
import javax.sip.ServerTransaction;
import javax.sip.SipFactory;
import javax.sip.SipListener;
import javax.sip.SipProvider;
import javax.sip.SipStack;
import javax.sip.TimeoutEvent;
import javax.sip.TransactionTerminatedEvent;
import javax.sip.address.AddressFactory;
import javax.sip.header.CSeqHeader;
import javax.sip.header.ContentTypeHeader;
import javax.sip.header.FromHeader;
import javax.sip.header.HeaderFactory;
import javax.sip.header.ToHeader;
import javax.sip.message.Message;
import javax.sip.message.MessageFactory;
import javax.sip.message.Request;
import javax.sip.message.Response;

/** A back-to-back user agent on JAIN-SIP, as short as one can be. The page's code is {@link Media}. */
public final class Server implements SipListener, AutoCloseable {
    private final Media media;
    private final SipStack stack;
    private final SipProvider provider;
    private final HeaderFactory headers;
    private final AddressFactory addresses;
    private final MessageFactory messages;

    public Server(Path dispatcher) throws Exception {
        media = new Media(dispatcher);
        SipFactory factory = SipFactory.getInstance();
        headers = factory.createHeaderFactory();
        addresses = factory.createAddressFactory();
        messages = factory.createMessageFactory();
        stack = factory.createSipStack(media.stackProperties());
        provider = stack.createSipProvider(stack.createListeningPoint("127.0.0.1", freePort(), ListeningPoint.UDP));
        provider.addSipListener(this);
    }

    private static int freePort() throws Exception {
        try (DatagramSocket socket = new DatagramSocket()) {
            return socket.getLocalPort();
        }
    }

    public int port() {
        return provider.getListeningPoints()[0].getPort();
    }

    @Override
    public void processRequest(RequestEvent event) {
        try {
            switch (event.getRequest().getMethod()) {
                case Request.INVITE -> invite(event);
                case Request.ACK -> acknowledge(other(event.getDialog()));
                case Request.BYE -> hangUp(event);
                default -> throw new IllegalStateException("no such call");
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void invite(RequestEvent event) throws Exception {
        Request received = event.getRequest();
        ServerTransaction upstream = provider.getNewServerTransaction(received);
        Dialog caller = upstream.getDialog();
        media.offer(caller, event);
        Request onward = messages.createRequest(
                received.getRequestURI(),
                Request.INVITE,
                provider.getNewCallId(),
                headers.createCSeqHeader(1L, Request.INVITE),
                headers.createFromHeader(
                        ((FromHeader) received.getHeader(FromHeader.NAME)).getAddress(),
                        UUID.randomUUID().toString()),
                headers.createToHeader(((ToHeader) received.getHeader(ToHeader.NAME)).getAddress(), null),
                List.of(headers.createViaHeader("127.0.0.1", port(), "udp", null)),
                headers.createMaxForwardsHeader(70));
        addContact(onward);
        copySdp(received, onward);
        ClientTransaction downstream = provider.getNewClientTransaction(onward);
        downstream.setApplicationData(upstream);
        caller.setApplicationData(downstream.getDialog());
        downstream.getDialog().setApplicationData(caller);
        downstream.sendRequest();
    }

    private static Dialog other(Dialog dialog) {
        return (Dialog) dialog.getApplicationData();
    }

    private static void acknowledge(Dialog callee) throws Exception {
        callee.sendAck(callee.createAck(1));
    }

    private void hangUp(RequestEvent event) throws Exception {
        ServerTransaction bye = event.getServerTransaction();
        bye.sendResponse(messages.createResponse(Response.OK, event.getRequest()));
        Dialog callee = other(event.getDialog());
        callee.sendRequest(provider.getNewClientTransaction(callee.createRequest(Request.BYE)));
        media.end(event.getDialog());
    }

    @Override
    public void processResponse(ResponseEvent event) {
        Response received = event.getResponse();
        boolean invite = ((CSeqHeader) received.getHeader(CSeqHeader.NAME)).getMethod().equals(Request.INVITE);
        if (invite && received.getStatusCode() == Response.OK) {
            try {
                ServerTransaction upstream =
                        (ServerTransaction) event.getClientTransaction().getApplicationData();
                media.answer(upstream.getDialog(), event);
                Response onward = messages.createResponse(Response.OK, upstream.getRequest());
                ((ToHeader) onward.getHeader(ToHeader.NAME)).setTag(UUID.randomUUID().toString());
                addContact(onward);
                copySdp(received, onward);
                upstream.sendResponse(onward);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private void addContact(Message message) throws Exception {
        message.setHeader(headers.createContactHeader(
                addresses.createAddress(addresses.createURI("sip:127.0.0.1:" + port()))));
    }

    private static void copySdp(Message from, Message to) throws Exception {
        to.setContent(from.getRawContent(), (ContentTypeHeader) from.getHeader(ContentTypeHeader.NAME));
    }

    @Override
    public void processTimeout(TimeoutEvent event) {}

    @Override
    public void processIOException(IOExceptionEvent event) {}

    @Override
    public void processTransactionTerminated(TransactionTerminatedEvent event) {}

    @Override
    public void processDialogTerminated(DialogTerminatedEvent event) {}

    @Override
    public void close() {
        stack.stop();
        media.close();
    }
}
