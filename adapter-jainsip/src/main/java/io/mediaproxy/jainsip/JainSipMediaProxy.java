package io.mediaproxy.jainsip;

import io.mediaproxy.session.CallAttributes;
import io.mediaproxy.session.MediaProxy;
import io.mediaproxy.session.MediaProxyResult;
import java.text.ParseException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.sip.PeerUnavailableException;
import javax.sip.RequestEvent;
import javax.sip.ResponseEvent;
import javax.sip.SipFactory;
import javax.sip.SipListener;
import javax.sip.header.ContentTypeHeader;
import javax.sip.header.HeaderFactory;
import javax.sip.message.Message;
import javax.sip.message.Request;

/**
 * {@link MediaProxy} for servers on JAIN-SIP: takes the stack's messages and puts the new body into them.
 *
 * <p>A message receives its new content before the result is returned, in the asynchronous forms on the dispatcher
 * client's thread: it must not be sent or changed in between, nor be used by two threads at once. Without a new body it
 * stays as it was. The stack's byte array is never written into; Content-Type stays, Content-Length is set.
 *
 * <p>Thread-safe.
 */
public final class JainSipMediaProxy {
    private static final int SECONDS_IDLE = 30;

    private final MediaProxy mediaProxy;
    private final HeaderFactory headers;
    private final HangUp hangUp;

    /**
     * Connects a {@link MediaProxy} to JAIN-SIP. It remains the caller's to close.
     *
     * @throws IllegalStateException if there is no JAIN-SIP implementation
     */
    public JainSipMediaProxy(MediaProxy mediaProxy) {
        this.mediaProxy = mediaProxy;
        try {
            this.headers = SipFactory.getInstance().createHeaderFactory();
            this.hangUp = new HangUp(mediaProxy);
        } catch (PeerUnavailableException e) {
            throw new IllegalStateException("no JAIN-SIP implementation found", e);
        }
    }

    /** Calls {@link #warmUp(Duration)} with two seconds. */
    public static void warmUp() {
        warmUp(Duration.ofSeconds(2));
    }

    /**
     * {@link MediaProxy#warmUp(Duration)}, with JAIN-SIP reading and writing the messages. It does not include the
     * stack's transactions and sockets.
     *
     * @param limit the time that it may take
     * @throws IllegalStateException if there is no JAIN-SIP implementation
     */
    public static void warmUp(Duration limit) {
        MediaProxy.warmUp(limit, RehearsedServer::new);
    }

    /** {@link #useMediaProxy(Message, String, CallAttributes)} with the request's own {@link #sourceAddress}. */
    public MediaProxyResult useMediaProxy(Request request) {
        return useMediaProxy(request, sourceAddress(request), CallAttributes.NONE);
    }

    /** {@link #useMediaProxy(Message, String, CallAttributes)} with the configured attributes. */
    public MediaProxyResult useMediaProxy(Message message, String sourceAddress) {
        return useMediaProxy(message, sourceAddress, CallAttributes.NONE);
    }

    /** {@link #useMediaProxyAsync}, and waits at most the configured timeout. */
    public MediaProxyResult useMediaProxy(Message message, String sourceAddress, CallAttributes attributes) {
        return useMediaProxyAsync(message, sourceAddress, attributes).join();
    }

    /**
     * {@code use_media_proxy()}, for a request or a response that carries an offer or an answer, and for a 200 to
     * INVITE without SDP; see {@link MediaProxy#useMediaProxyAsync}.
     *
     * @param message receives the new content
     * @param sourceAddress the IP address from which the message came
     */
    public CompletableFuture<MediaProxyResult> useMediaProxyAsync(
            Message message, String sourceAddress, CallAttributes attributes) {
        return rewriting(
                message, mediaProxy.useMediaProxyAsync(new JainSipMessageView(message, sourceAddress), attributes));
    }

    /** Puts the new body into the message when it is there. */
    CompletableFuture<MediaProxyResult> rewriting(Message message, CompletableFuture<MediaProxyResult> coming) {
        return coming.thenApply(result -> {
            try {
                result.body().ifPresent(body -> setContent(message, body));
                return result;
            } catch (IllegalStateException e) {
                return MediaProxyResult.failed(e);
            }
        });
    }

    /** {@link #endMediaSessionAsync}, and waits at most the configured timeout. */
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
     * {@code engage_media_proxy()} for every call: returns a listener for the stack that passes each event to the
     * server's listener, with the relay's address already in the messages.
     *
     * <pre>
     *   provider.addSipListener(jainSip.engage(listener));
     * </pre>
     *
     * <ul>
     *   <li>The messages of one call are delivered in the order in which they arrive. A message that waits for the
     *       dispatcher is delivered on another thread, so that the stack's threads do not block; its retransmissions
     *       are dropped meanwhile.
     *   <li>A proxy may fork: the refusal of one branch does not end the call, the end of the proxy's own INVITE
     *       transaction without a 2xx does. Without transactions the first refusal ends it.
     *   <li>A B2BUA's second leg is recognised by the INVITE of its client transaction, whose SDP leads to the relay. A
     *       call whose first INVITE has no offer cannot be recognised in this way; use {@link MediaProxy#session} for
     *       it.
     *   <li>If the {@link MediaProxy} has a back channel and the media of a call stop, both parties receive a BYE:
     *       within the dialogs of the stack if there are any, otherwise as the other party would send it. This replaces
     *       an earlier handler of {@link MediaProxy#onMediaTimeout}.
     * </ul>
     *
     * @param listener receives every event of the stack, for other calls at once
     */
    public SipListener engage(SipListener listener) {
        return engage(listener, event -> Optional.of(CallAttributes.NONE));
    }

    /**
     * As {@link #engage(SipListener)}, for selected calls.
     *
     * @param chooser returns the attributes of a call for the INVITE that begins it, or empty to leave the call alone.
     *     Called on the stack's thread, and must not block
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
     * @param executor runs the listener for messages that had to wait; it remains the caller's
     */
    public SipListener engage(
            SipListener listener, Function<RequestEvent, Optional<CallAttributes>> chooser, Executor executor) {
        mediaProxy.onMediaTimeout(hangUp);
        return new EngagedListener(listener, this, mediaProxy.engagedCalls(), chooser, executor, hangUp);
    }

    /**
     * {@code engage_media_proxy()} for one call, for servers that pass its messages to {@link #followAsync} themselves;
     * see {@link MediaProxy#engageMediaProxyAsync}.
     *
     * @param invite begins the call; receives the new content
     * @param sourceAddress the IP address from which it came
     */
    public CompletableFuture<MediaProxyResult> engageMediaProxyAsync(
            Request invite, String sourceAddress, CallAttributes attributes) {
        return rewriting(
                invite, mediaProxy.engageMediaProxyAsync(new JainSipMessageView(invite, sourceAddress), attributes));
    }

    /** {@link #engageMediaProxyAsync}, and waits at most the configured timeout. */
    public MediaProxyResult engageMediaProxy(Request invite, String sourceAddress, CallAttributes attributes) {
        return engageMediaProxyAsync(invite, sourceAddress, attributes).join();
    }

    /**
     * Handles a message of an engaged call before the server forwards it; of a fork only the responses that it
     * forwards. See {@link io.mediaproxy.session.EngagedCalls#followAsync}.
     *
     * @param message receives the new content
     * @param sourceAddress the IP address from which it came
     */
    public CompletableFuture<MediaProxyResult> followAsync(Message message, String sourceAddress) {
        return rewriting(
                message, mediaProxy.engagedCalls().followAsync(new JainSipMessageView(message, sourceAddress)));
    }

    /** {@link #followAsync}, and waits at most the configured timeout. */
    public MediaProxyResult follow(Message message, String sourceAddress) {
        return followAsync(message, sourceAddress).join();
    }

    /**
     * Returns the session of one call, a new one if there is none yet: for B2BUAs, whose legs have several Call-IDs.
     *
     * @param callId of the call's first INVITE
     * @param fromTag of the caller, in that INVITE
     * @throws IllegalArgumentException as {@link MediaProxy#session}
     * @throws IllegalStateException as {@link MediaProxy#session}
     */
    public JainSipMediaSession session(String callId, String fromTag) {
        return new JainSipMediaSession(this, mediaProxy.session(callId, fromTag));
    }

    /**
     * Returns the IP address from which a request came, by its topmost Via: the stack adds {@code received} if the
     * sender wrote another address (RFC 3261 18.2.1). It keeps a {@code received} that the sender wrote, unless a
     * parser removes that, as the one in the examples does. Valid for a request as it arrived, before the server adds
     * its own Via.
     */
    public static String sourceAddress(Request request) {
        return SourceAddress.of(request);
    }

    /**
     * Returns the IP address from which a response came, for {@link JainSipMediaSession#answer} and the like: the one
     * to which its request went, as {@code javax.sip} does not provide the source of a response. Without a transaction,
     * returns the one from which the request came, by the second Via.
     */
    public static String sourceAddress(ResponseEvent event) {
        return SourceAddress.of(event.getResponse(), event.getClientTransaction());
    }

    private void setContent(Message message, byte[] body) {
        try {
            ContentTypeHeader type = message.getHeader(ContentTypeHeader.NAME) instanceof ContentTypeHeader own
                    ? own
                    : headers.createContentTypeHeader("application", "sdp");
            message.setContent(body, type);
            message.setContentLength(headers.createContentLengthHeader(body.length));
        } catch (ParseException | javax.sip.InvalidArgumentException e) {
            throw new IllegalStateException("JAIN-SIP refuses the new body of " + body.length + " bytes", e);
        }
    }
}
