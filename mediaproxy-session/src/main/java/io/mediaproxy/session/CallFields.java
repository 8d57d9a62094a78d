package io.mediaproxy.session;

import io.mediaproxy.session.sip.SipMessageView;
import org.jspecify.annotations.Nullable;

/**
 * What the header fields of one message say about its call, as the dispatcher is told of it.
 *
 * @param callId empty where there is none
 * @param cseq the digits of the CSeq; empty where there are none
 * @param from From, URI and tag
 * @param to To, URI and tag
 */
record CallFields(String callId, String cseq, AddressHeader from, AddressHeader to) {
    private static final long MAX_CSEQ = 0xFFFF_FFFFL;

    private static final int MAX_CSEQ_DIGITS = 10;

    static CallFields of(SipMessageView message) {
        return new CallFields(
                callId(message),
                cseqNumber(message.header("CSeq")),
                AddressHeader.parse(message.header("From")),
                AddressHeader.parse(message.header("To")));
    }

    static String callId(SipMessageView message) {
        String callId = message.header("Call-ID");
        return callId == null ? "" : callId;
    }

    private static String cseqNumber(@Nullable String value) {
        if (value == null) {
            return "";
        }
        int end = 0;
        while (end < value.length() && value.charAt(end) >= '0' && value.charAt(end) <= '9') {
            end++;
        }
        return value.substring(0, end);
    }

    /** The tag to tell the dispatcher: a provisional reply does not fix it yet, as another branch may answer (module). */
    String toTag(SipMessageView message) {
        return !message.isRequest() && message.statusCode() < SipMethod.OK ? "" : to.tag();
    }

    /**
     * The CSeq as a number of 32 bits (RFC 3261 8.1.1.5).
     *
     * @throws IllegalArgumentException if it is none
     */
    long cseqNumber() {
        if (!hasCseqNumber()) {
            throw new IllegalArgumentException(
                    "a CSeq is a number up to " + MAX_CSEQ + ", this has " + cseq.length() + " digits");
        }
        return Long.parseLong(cseq);
    }

    boolean hasCseqNumber() {
        return !cseq.isEmpty() && cseq.length() <= MAX_CSEQ_DIGITS && Long.parseLong(cseq) <= MAX_CSEQ;
    }

    /** The tag of the party that sent the message: From in a request, To in a reply; empty: it has none. */
    String senderTag(SipMessageView message) {
        return message.isRequest() ? from.tag() : to.tag();
    }

    /** The tag of the party that the message is for. */
    String receiverTag(SipMessageView message) {
        return message.isRequest() ? to.tag() : from.tag();
    }

    /** The phone's name: User-Agent, or else Server; empty where the message has neither. */
    static String userAgent(SipMessageView message) {
        String userAgent = message.header("User-Agent");
        if (userAgent != null && !userAgent.isEmpty()) {
            return userAgent;
        }
        String server = message.header("Server");
        return server == null ? "" : server;
    }
}
