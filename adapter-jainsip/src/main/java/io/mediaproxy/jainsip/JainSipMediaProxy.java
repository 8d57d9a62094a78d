package io.mediaproxy.jainsip;

import io.mediaproxy.session.CallAttributes;
import io.mediaproxy.session.MediaProxy;
import io.mediaproxy.session.MediaProxyResult;
import java.text.ParseException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.sip.PeerUnavailableException;
import javax.sip.RequestEvent;
import javax.sip.SipFactory;
import javax.sip.SipListener;
import javax.sip.header.ContentTypeHeader;
import javax.sip.header.HeaderFactory;
import javax.sip.message.Message;
import javax.sip.message.Request;

/**
 * {@link MediaProxy} for servers on JAIN-SIP: takes the stack's messages and puts the new body into them. Safe for use by many
 * threads, each with messages of its own.
 *
 * <p>A message gets its new content before the result is handed over, in the asynchronous forms on the dispatcher client's
 * thread: it must not be sent or changed in between. Where there is no new body it stays as it was. The stack's array of
 * bytes is never written into; Content-Type stays, Content-Length is set.
 */
public final class JainSipMediaProxy {
    private static final int SECONDS_IDLE = 30;

    private final MediaProxy mediaProxy;
    private final HeaderFactory headers;
    private final HangUp hangUp;

    /**
     * Plugs a {@link MediaProxy} into JAIN-SIP; it stays the caller's to close.
     *
     * @throws IllegalStateException if there is no JAIN-SIP implementation
     */
    public JainSipMediaProxy(MediaProxy mediaProxy) {
        this.mediaProxy = mediaProxy;
        try {
            this.headers = SipFactory.getInstance().createHeaderFactory();
            this.hangUp = new HangUp(mediaProxy);
        } catch (PeerUnavailableException e) {
            throw new IllegalStateException("no JAIN-SIP implementation at hand", e);
        }
    }

    /** {@link #useMediaProxy(Message, String, CallAttributes)} with the request's own {@link #sourceAddress}. */
    public MediaProxyResult useMediaProxy(Request request) {
        return useMediaProxy(request, sourceAddress(request), CallAttributes.NONE);
    }

    /** {@link #useMediaProxy(Message, String, CallAttributes)} with everything as configured. */
    public MediaProxyResult useMediaProxy(Message message, String sourceAddress) {
        return useMediaProxy(message, sourceAddress, CallAttributes.NONE);
    }

    /** {@link #useMediaProxyAsync}, and waits for it, at most the configured timeout. */
    public MediaProxyResult useMediaProxy(Message message, String sourceAddress, CallAttributes attributes) {
        return useMediaProxyAsync(message, sourceAddress, attributes).join();
    }

    /**
     * {@code use_media_proxy()}, for a request or a response that carries an offer or an answer, and for a 200 to INVITE without
     * SDP; see {@link MediaProxy#useMediaProxyAsync}.
     *
     * @param message gets the new content
     * @param sourceAddress the IP address that the message came from
     */
    public CompletableFuture<MediaProxyResult> useMediaProxyAsync(
            Message message, String sourceAddress, CallAttributes attributes) {
        return rewriting(
                message, mediaProxy.useMediaProxyAsync(new JainSipMessageView(message, sourceAddress), attributes));
    }

    private CompletableFuture<MediaProxyResult> rewriting(Message message, CompletableFuture<MediaProxyResult> coming) {
        return coming.thenApply(result -> {
            try {
                result.body().ifPresent(body -> setContent(message, body));
                return result;
            } catch (IllegalStateException e) {
                return MediaProxyResult.failed(e);
            }
        });
    }

    /** {@link #endMediaSessionAsync}, and waits for it, at most the configured timeout. */
    public MediaProxyResult endMediaSession(Message message) {
        return endMediaSessionAsync(message).join();
    }

    /**
     * {@code end_media_session()}, for the BYE, the CANCEL or the failure response that ends a call; see
     * {@link MediaProxy#endMediaSessionAsync}.
     *
     * @param message is only read
     */
    public CompletableFuture<MediaProxyResult> endMediaSessionAsync(Message message) {
        return mediaProxy.endMediaSessionAsync(new JainSipMessageView(message, ""));
    }

    /**
     * {@code engage_media_proxy()} for every call: puts this between the stack and a server's listener, which gets each message of
     * a call with the relay's address already in it.
     *
     * <pre>
     *   provider.addSipListener(jainSip.engage(listener));
     * </pre>
     *
     * <ul>
     *   <li>The messages of one call are handed on in the order in which they came. One that waits for the dispatcher comes on
     *       another thread than the stack's, which is not kept waiting; a retransmission of it is dropped meanwhile.
     *   <li>A proxy may fork: that a branch refuses is not the end of a call; that its own INVITE transaction ends without a 2xx
     *       is. Without transactions the first refusal counts.
     *   <li>A B2BUA's second leg is recognised by the INVITE of its client transaction, whose SDP leads to the relay. Calls whose
     *       first INVITE has no offer cannot be recognised so; they take {@link MediaProxy#session}.
     *   <li>When the {@link MediaProxy} has a back channel and the media of a call stop, both parties get a BYE: within the
     *       dialogs of the stack where there are some, else as the other party would send it. This takes the place of what
     *       {@link MediaProxy#onMediaTimeout} was told before.
     * </ul>
     *
     * @param listener gets every event of the stack, of other calls at once
     */
    public SipListener engage(SipListener listener) {
        return engage(listener, event -> Optional.of(CallAttributes.NONE));
    }

    /**
     * As {@link #engage(SipListener)}, for some calls.
     *
     * @param chooser is asked for each INVITE that begins a call: its attributes, or empty if it is not to be engaged. It is called
     *     on the stack's thread and must not block
     */
    public SipListener engage(SipListener listener, Function<RequestEvent, Optional<CallAttributes>> chooser) {
        int threads = Math.max(2, Runtime.getRuntime().availableProcessors());
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                threads, threads, SECONDS_IDLE, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
                    Thread thread = new Thread(work, "mediaproxy-delivery");
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
        return engage(listener, chooser, executor);
    }

    /**
     * As {@link #engage(SipListener, Function)}.
     *
     * @param executor runs the listener for messages that had to wait; it stays the caller's
     */
    public SipListener engage(
            SipListener listener, Function<RequestEvent, Optional<CallAttributes>> chooser, Executor executor) {
        mediaProxy.onMediaTimeout(hangUp);
        return new EngagedListener(listener, this, mediaProxy.engagedCalls(), chooser, executor, hangUp);
    }

    /**
     * {@code engage_media_proxy()} for one call, for servers that pass on its messages to {@link #followAsync} by themselves; see
     * {@link MediaProxy#engageMediaProxyAsync}.
     *
     * @param invite that begins the call; gets the new content
     * @param sourceAddress the IP address that it came from
     */
    public CompletableFuture<MediaProxyResult> engageMediaProxyAsync(
            Request invite, String sourceAddress, CallAttributes attributes) {
        return rewriting(
                invite, mediaProxy.engageMediaProxyAsync(new JainSipMessageView(invite, sourceAddress), attributes));
    }

    /** {@link #engageMediaProxyAsync}, and waits for it, at most the configured timeout. */
    public MediaProxyResult engageMediaProxy(Request invite, String sourceAddress, CallAttributes attributes) {
        return engageMediaProxyAsync(invite, sourceAddress, attributes).join();
    }

    /**
     * A message of a call that was engaged, before the server passes it on; of a fork the replies that it passes on. See
     * {@link io.mediaproxy.session.EngagedCalls#followAsync}.
     *
     * @param message gets the new content
     * @param sourceAddress the IP address that it came from
     */
    public CompletableFuture<MediaProxyResult> followAsync(Message message, String sourceAddress) {
        return rewriting(
                message, mediaProxy.engagedCalls().followAsync(new JainSipMessageView(message, sourceAddress)));
    }

    /** {@link #followAsync}, and waits for it, at most the configured timeout. */
    public MediaProxyResult follow(Message message, String sourceAddress) {
        return followAsync(message, sourceAddress).join();
    }

    /**
     * The IP address that a request came from, as its topmost Via says: the stack puts {@code received} there where it is not the
     * one that the sender wrote (RFC 3261 18.2.1). Right for a request as it came in, before a Via of ours is added.
     */
    public static String sourceAddress(Request request) {
        return SourceAddress.of(request);
    }

    private void setContent(Message message, byte[] body) {
        try {
            ContentTypeHeader type = message.getHeader(ContentTypeHeader.NAME) instanceof ContentTypeHeader own
                    ? own
                    : headers.createContentTypeHeader("application", "sdp");
            message.setContent(body, type);
            message.setContentLength(headers.createContentLengthHeader(body.length));
        } catch (ParseException | javax.sip.InvalidArgumentException e) {
            throw new IllegalStateException("JAIN-SIP does not take the new body of " + body.length + " bytes", e);
        }
    }
}
