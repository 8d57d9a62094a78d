package io.mediaproxy.pkts;

import io.mediaproxy.session.CallAttributes;
import io.mediaproxy.session.MediaProxy;
import io.mediaproxy.session.MediaProxyResult;
import io.mediaproxy.session.Outcome;
import io.mediaproxy.session.sip.RawSipMessage;
import io.pkts.packet.sip.SipMessage;
import io.pkts.packet.sip.SipParseException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * {@link MediaProxy} for servers on pkts.io: takes its immutable messages and returns new ones.
 *
 * <p>A new message has the type of the old one and a new array: all bytes are the same, except the body and the number
 * in Content-Length. The bytes of the old message are only read. They must not change until the result is available,
 * and the reader index of {@link SipMessage#toBuffer()} must not change until the method returns.
 *
 * <p>pkts finds no body without a Content-Length, and neither does this class: {@link #frame} gives a datagram the one
 * that it lacks.
 *
 * <p>Thread-safe.
 */
public final class PktsMediaProxy {
    private static final byte[] STATUS_LINE = "SIP/2.0 ".getBytes(StandardCharsets.US_ASCII);
    /** The position of an empty reason, after three digits and a blank. */
    private static final int EMPTY_REASON = "SIP/2.0 200 ".length();

    private final MediaProxy mediaProxy;

    /** Connects a {@link MediaProxy} to pkts. It remains the caller's to close. */
    public PktsMediaProxy(MediaProxy mediaProxy) {
        this.mediaProxy = mediaProxy;
    }

    /** Calls {@link #warmUp(Duration)} with two seconds. */
    public static void warmUp() {
        warmUp(Duration.ofSeconds(2));
    }

    /**
     * {@link MediaProxy#warmUp(Duration)}, with pkts reading and writing the messages.
     *
     * @param limit the time that it may take
     */
    public static void warmUp(Duration limit) {
        MediaProxy.warmUp(limit, PktsMediaProxy::server);
    }

    /** A server that rewrites each message of {@link MediaProxy#warmUp(Duration)}. */
    static Consumer<byte[]> server(MediaProxy mediaProxy) {
        PktsMediaProxy media = new PktsMediaProxy(mediaProxy);
        return datagram -> {
            SipMessage message = frame(datagram);
            if (media.follow(message, "192.0.2.2").result().outcome() == Outcome.NOT_ENGAGED) {
                media.engageMediaProxy(message, "192.0.2.2", CallAttributes.NONE);
            }
        };
    }

    /**
     * Frames one UDP datagram as RFC 3261 18.3 requires. {@link SipMessage#frame} finds no body without a
     * Content-Length, and no message with a blank after its number.
     *
     * <p>Here a body without a Content-Length reaches to the end of the datagram, and gets one. Bytes after a body with
     * a Content-Length are left out. An empty reason, as in {@code SIP/2.0 200 }, becomes a blank: pkts asserts that
     * there is one.
     *
     * @param datagram is copied
     * @throws io.mediaproxy.session.sip.SipSyntaxException if it is not one SIP message; also for fewer bytes than
     *     Content-Length specifies, and for two Content-Lengths that differ
     * @throws SipParseException if pkts cannot read the message
     */
    public static SipMessage frame(byte[] datagram) {
        RawSipMessage message = RawSipMessage.parse(datagram, "");
        int start = message.bodyOffset();
        byte[] framed = message.withBody(Arrays.copyOfRange(datagram, start, start + message.bodyLength()));
        try {
            return SipMessage.frame(withReason(framed));
        } catch (IOException e) {
            throw new UncheckedIOException(e); // cannot occur for an array
        } catch (SipParseException e) {
            throw e;
        } catch (RuntimeException | AssertionError e) { // pkts throws many kinds, for URIs of a new scheme for example
            SipParseException unreadable = new SipParseException("pkts cannot read the message");
            unreadable.initCause(e);
            throw unreadable;
        }
    }

    private static byte[] withReason(byte[] message) {
        boolean empty = message.length > EMPTY_REASON
                && message[EMPTY_REASON - 1] == ' '
                && (message[EMPTY_REASON] == '\r' || message[EMPTY_REASON] == '\n')
                && Arrays.equals(message, 0, STATUS_LINE.length, STATUS_LINE, 0, STATUS_LINE.length);
        if (!empty) {
            return message;
        }
        byte[] filled = new byte[message.length + 1];
        System.arraycopy(message, 0, filled, 0, EMPTY_REASON);
        filled[EMPTY_REASON] = ' ';
        System.arraycopy(message, EMPTY_REASON, filled, EMPTY_REASON + 1, message.length - EMPTY_REASON);
        return filled;
    }

    /** {@link #useMediaProxy(SipMessage, String, CallAttributes)} with the configured attributes. */
    public PktsResult useMediaProxy(SipMessage message, String sourceAddress) {
        return useMediaProxy(message, sourceAddress, CallAttributes.NONE);
    }

    /** {@link #useMediaProxyAsync}, and waits at most the configured timeout. */
    public PktsResult useMediaProxy(SipMessage message, String sourceAddress, CallAttributes attributes) {
        return useMediaProxyAsync(message, sourceAddress, attributes).join();
    }

    /**
     * {@code use_media_proxy()}, for a request or a response that carries an offer or an answer, and for a 200 to
     * INVITE without SDP; see {@link MediaProxy#useMediaProxyAsync}.
     *
     * @param sourceAddress the IP address from which the message came: that of the datagram or connection, because pkts
     *     adds none to the Via
     */
    public CompletableFuture<PktsResult> useMediaProxyAsync(
            SipMessage message, String sourceAddress, CallAttributes attributes) {
        PktsMessageView view = new PktsMessageView(message, sourceAddress);
        return rewriting(message, view, mediaProxy.useMediaProxyAsync(view, attributes));
    }

    /** {@link #engageMediaProxyAsync}, and waits at most the configured timeout. */
    public PktsResult engageMediaProxy(SipMessage invite, String sourceAddress, CallAttributes attributes) {
        return engageMediaProxyAsync(invite, sourceAddress, attributes).join();
    }

    /**
     * {@code engage_media_proxy()}, for the INVITE that begins a call; see {@link MediaProxy#engageMediaProxyAsync}.
     * Pass every following message of the call to {@link #followAsync}.
     *
     * @param sourceAddress the IP address from which the message came
     */
    public CompletableFuture<PktsResult> engageMediaProxyAsync(
            SipMessage invite, String sourceAddress, CallAttributes attributes) {
        PktsMessageView view = new PktsMessageView(invite, sourceAddress);
        return rewriting(invite, view, mediaProxy.engageMediaProxyAsync(view, attributes));
    }

    /** {@link #followAsync}, and waits at most the configured timeout. */
    public PktsResult follow(SipMessage message, String sourceAddress) {
        return followAsync(message, sourceAddress).join();
    }

    /**
     * Handles a message of an engaged call before the server forwards it; see
     * {@link io.mediaproxy.session.EngagedCalls#followAsync}.
     *
     * @param sourceAddress the IP address from which the message came
     */
    public CompletableFuture<PktsResult> followAsync(SipMessage message, String sourceAddress) {
        PktsMessageView view = new PktsMessageView(message, sourceAddress);
        return rewriting(message, view, mediaProxy.engagedCalls().followAsync(view));
    }

    /** Makes a new message with the new body when it is there. */
    static CompletableFuture<PktsResult> rewriting(
            SipMessage message, PktsMessageView view, CompletableFuture<MediaProxyResult> coming) {
        return coming.thenApply(result -> result.body()
                .map(body -> rewritten(message, view, body, result))
                .orElseGet(() -> new PktsResult(message, result)));
    }

    /**
     * Returns the session of one call, a new one if there is none yet: for B2BUAs, whose legs have several Call-IDs.
     *
     * @param callId of the call's first INVITE
     * @param fromTag of the caller, in that INVITE
     * @throws IllegalArgumentException as {@link MediaProxy#session}
     * @throws IllegalStateException as {@link MediaProxy#session}
     */
    public PktsMediaSession session(String callId, String fromTag) {
        return new PktsMediaSession(mediaProxy.session(callId, fromTag));
    }

    /** {@link #endMediaSessionAsync}, and waits at most the configured timeout. */
    public MediaProxyResult endMediaSession(SipMessage message) {
        return endMediaSessionAsync(message).join();
    }

    /**
     * {@code end_media_session()}, for the BYE, the CANCEL or the failure response that ends a call; see
     * {@link MediaProxy#endMediaSessionAsync}.
     *
     * @param message is only read
     */
    public CompletableFuture<MediaProxyResult> endMediaSessionAsync(SipMessage message) {
        return mediaProxy.endMediaSessionAsync(new PktsMessageView(message, ""));
    }

    private static PktsResult rewritten(
            SipMessage message, PktsMessageView view, byte[] body, MediaProxyResult result) {
        try {
            return new PktsResult(view.withBody(body), result);
        } catch (RuntimeException e) { // pkts can build messages, and read them from a stream, that it cannot frame
            return new PktsResult(message, MediaProxyResult.failed(e));
        }
    }
}
