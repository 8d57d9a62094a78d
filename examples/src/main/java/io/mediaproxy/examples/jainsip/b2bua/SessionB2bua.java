package io.mediaproxy.examples.jainsip.b2bua;

import io.mediaproxy.examples.ProxyEvents;
import io.mediaproxy.examples.jainsip.ExampleStack;
import io.mediaproxy.jainsip.JainSipMediaProxy;
import io.mediaproxy.jainsip.JainSipMediaSession;
import io.mediaproxy.session.MediaProxy;
import io.mediaproxy.session.MediaProxyResult;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import javax.sip.Dialog;
import javax.sip.SipException;
import javax.sip.address.SipURI;
import javax.sip.message.Message;

/**
 * A back-to-back user agent that handles offers and answers itself: {@link JainSipMediaProxy#session} gives each call
 * one session at the relay, whatever the Call-IDs of its legs are. Unlike {@link ExampleB2bua} it also relays a call
 * that begins without an offer.
 *
 * <p>The session is looked up by the caller's dialog, so that the server keeps no table of sessions. To stay short, it
 * waits for the dispatcher on the stack's one thread, at most 500 ms for each message. A server that must not wait
 * calls {@code offerAsync} and {@code answerAsync}, and sends the copy when the result is there.
 *
 * <p>Thread-safe.
 */
public final class SessionB2bua extends B2bua {
    private final JainSipMediaProxy media;

    private SessionB2bua(ExampleStack sip, Function<SipURI, InetSocketAddress> location, JainSipMediaProxy media) {
        super(sip, location);
        this.media = media;
    }

    /**
     * Starts the server.
     *
     * @param listen a literal address of this machine; port 0 takes a free port
     * @param location finds the address to which a call goes, by its Request-URI
     * @param mediaProxy remains the caller's to close, after the server
     * @throws IOException if the address cannot be bound
     */
    public static SessionB2bua start(
            InetSocketAddress listen, Function<SipURI, InetSocketAddress> location, MediaProxy mediaProxy)
            throws SipException, IOException {
        ExampleStack sip = new ExampleStack(listen, true, ProxyEvents.NONE);
        SessionB2bua server = new SessionB2bua(sip, location, new JainSipMediaProxy(mediaProxy));
        sip.serve(server);
        return server;
    }

    /** The message gets the relay in its SDP. If that fails it stays as it is, and the call has no relay. */
    @Override
    void offer(Dialog caller, Message message, String sourceAddress) {
        session(caller).offer(message, sourceAddress);
    }

    @Override
    void answer(Dialog caller, Message message, String sourceAddress) {
        session(caller).answer(message, sourceAddress);
    }

    /** Does not wait: nothing depends on the removal, and it is repeated if the dispatcher does not answer. */
    @Override
    void end(Dialog caller) {
        CompletableFuture<MediaProxyResult> unused = session(caller).endAsync();
    }

    /** The session has the names of the caller's dialog: its Call-ID, and the tag of the caller. */
    private JainSipMediaSession session(Dialog caller) {
        return media.session(caller.getCallId().getCallId(), caller.getRemoteTag());
    }
}
