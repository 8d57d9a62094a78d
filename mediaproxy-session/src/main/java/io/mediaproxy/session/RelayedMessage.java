package io.mediaproxy.session;

import io.mediaproxy.session.sip.SipMessageView;
import org.jspecify.annotations.Nullable;

/**
 * One SIP message with everything that is read of it. Made once, when the message comes in, on the caller's thread. The
 * array of the body belongs to the stack and does not change until the result is there.
 *
 * <p>Thread-safe.
 *
 * @param view the message of the SIP stack
 * @param attributes of its call
 * @param isRequest whether the message is a request; if not, it is a response
 * @param method of the request, or of the request that a response belongs to
 * @param statusCode of a response, 0 for a request
 * @param fields the header fields that identify call, dialog and transaction
 * @param sdp the SDP; absent if the message has none, whatever else its body has
 * @param obstacle why the dispatcher cannot be asked about the message; null if it can be, or if there is no SDP and
 *     {@link #asked} has found nothing
 * @param signalingIp the address to send; empty until {@link #asked}
 */
record RelayedMessage(
        SipMessageView view,
        CallAttributes attributes,
        boolean isRequest,
        String method,
        int statusCode,
        CallFields fields,
        MessageSdp sdp,
        @Nullable MediaProxyResult obstacle,
        String signalingIp) {

    /** Reads a message. */
    static RelayedMessage of(SipMessageView view, CallAttributes attributes) {
        return of(view, CallFields.of(view), attributes);
    }

    /** Reads a message whose fields were needed before, to find its call. */
    static RelayedMessage of(SipMessageView view, CallFields fields, CallAttributes attributes) {
        MessageSdp sdp = MessageSdp.of(view);
        return new RelayedMessage(
                view,
                attributes,
                view.isRequest(),
                view.method(),
                view.statusCode(),
                fields,
                sdp,
                sdp.isAbsent() ? null : sdp.obstacle(),
                "");
    }

    /**
     * Asks the application's {@code signalingIp} for the address, if an update may be sent for this message. To be
     * called before any lock is taken, since the application may take its time. An exception from it is an obstacle.
     */
    RelayedMessage asked(MediaProxyConfig config) {
        if (obstacle != null || !mayBeSent()) {
            return this;
        }
        try {
            return with(null, config.signalingIp(view, attributes));
        } catch (RuntimeException e) {
            return with(MediaProxyResult.failed(e), "");
        }
    }

    /** Whether it has SDP, answers the call, or ends one of the dialogs of a fork. */
    private boolean mayBeSent() {
        return hasSdp() || (isRequest ? is(SipMethod.BYE) : isSuccess() && is(SipMethod.INVITE));
    }

    private RelayedMessage with(@Nullable MediaProxyResult newObstacle, String address) {
        return new RelayedMessage(view, attributes, isRequest, method, statusCode, fields, sdp, newObstacle, address);
    }

    boolean hasSdp() {
        return !sdp.isAbsent();
    }

    boolean is(String otherMethod) {
        return method.equals(otherMethod);
    }

    boolean isProvisional() {
        return !isRequest && statusCode < SipMethod.OK;
    }

    /** Whether this is a 2xx. */
    boolean isSuccess() {
        return statusCode >= SipMethod.OK && statusCode < SipMethod.FIRST_FAILURE;
    }

    boolean isFailure() {
        return statusCode >= SipMethod.FIRST_FAILURE;
    }

    /**
     * Returns the tag of the party that sent the message: From in a request, To in a response; empty if it has none.
     */
    String senderTag() {
        return isRequest ? fields.from().tag() : fields.to().tag();
    }

    /** Returns the tag of the party that the message is for; empty if it has none. */
    String receiverTag() {
        return isRequest ? fields.to().tag() : fields.from().tag();
    }

    /** Returns the phone's name: User-Agent, or else Server; empty if the message has neither. */
    String userAgent() {
        String userAgent = view.header("User-Agent");
        if (userAgent != null && !userAgent.isEmpty()) {
            return userAgent;
        }
        String server = view.header("Server");
        return server == null ? "" : server;
    }
}
