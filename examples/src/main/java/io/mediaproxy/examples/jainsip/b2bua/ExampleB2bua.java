package io.mediaproxy.examples.jainsip.b2bua;

import io.mediaproxy.examples.ProxyEvents;
import io.mediaproxy.examples.jainsip.ExampleStack;
import io.mediaproxy.jainsip.JainSipMediaProxy;
import io.mediaproxy.session.MediaProxy;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.function.Function;
import javax.sip.Dialog;
import javax.sip.SipException;
import javax.sip.address.SipURI;
import javax.sip.message.Message;

/**
 * A back-to-back user agent whose calls are engaged. One line of it is about media: {@link #start} puts
 * {@link JainSipMediaProxy#engage} between the stack and the server, which copies SDP and does not look at it. A call
 * that begins without an offer gets no relay; {@link SessionB2bua} relays it.
 *
 * <p>Thread-safe.
 */
public final class ExampleB2bua extends B2bua {
    private ExampleB2bua(ExampleStack sip, Function<SipURI, InetSocketAddress> location) {
        super(sip, location);
    }

    /**
     * Starts the server.
     *
     * @param listen a literal address of this machine; port 0 takes a free port
     * @param location finds the address to which a call goes, by its Request-URI
     * @param mediaProxy remains the caller's to close, after the server
     * @throws IOException if the address cannot be bound
     */
    public static ExampleB2bua start(
            InetSocketAddress listen, Function<SipURI, InetSocketAddress> location, MediaProxy mediaProxy)
            throws SipException, IOException {
        ExampleStack sip = new ExampleStack(listen, true, ProxyEvents.NONE);
        ExampleB2bua server = new ExampleB2bua(sip, location);
        sip.serve(new JainSipMediaProxy(mediaProxy).engage(server));
        return server;
    }

    @Override
    void offer(Dialog caller, Message message, String sourceAddress) {
        // It has the relay in it already.
    }

    @Override
    void answer(Dialog caller, Message message, String sourceAddress) {
        // It has the relay in it already.
    }

    @Override
    void end(Dialog caller) {
        // The adapter sees the same BYE.
    }
}
