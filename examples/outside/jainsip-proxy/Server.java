package outside;

import java.net.DatagramSocket;
import java.nio.file.Path;
import java.util.Properties;
import javax.sip.DialogTerminatedEvent;
import javax.sip.IOExceptionEvent;
import javax.sip.ListeningPoint;
import javax.sip.RequestEvent;
import javax.sip.ResponseEvent;
import javax.sip.SipFactory;
import javax.sip.SipListener;
import javax.sip.SipProvider;
import javax.sip.SipStack;
import javax.sip.TimeoutEvent;
import javax.sip.TransactionTerminatedEvent;
import javax.sip.header.ViaHeader;
import javax.sip.message.Request;
import javax.sip.message.Response;

/** A stateless proxy on JAIN-SIP. The page's code is {@link Media}. */
public final class Server implements SipListener, AutoCloseable {
    private final SipFactory factory = SipFactory.getInstance();
    private final Media media;
    private final SipStack stack;
    private final SipProvider provider;

    public Server(Path dispatcher) throws Exception {
        media = new Media(dispatcher);
        Properties properties = media.stackProperties();
        properties.setProperty("javax.sip.AUTOMATIC_DIALOG_SUPPORT", "off");
        stack = factory.createSipStack(properties);
        provider = stack.createSipProvider(stack.createListeningPoint("127.0.0.1", freePort(), ListeningPoint.UDP));
        media.start(provider, this);
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
        Request request = event.getRequest();
        try {
            ViaHeader via = factory.createHeaderFactory().createViaHeader("127.0.0.1", port(), "udp", null);
            request.addFirst(via);
            provider.sendRequest(request);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void processResponse(ResponseEvent event) {
        Response response = event.getResponse();
        try {
            response.removeFirst(ViaHeader.NAME);
            provider.sendResponse(response);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
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
