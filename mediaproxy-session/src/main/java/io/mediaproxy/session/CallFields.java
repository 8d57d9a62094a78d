package io.mediaproxy.session;

import io.mediaproxy.session.sip.SipMessageView;
import org.jspecify.annotations.Nullable;

/**
 * The header fields of one message that identify its call, its dialog and its transaction.
 *
 * @param callId empty if there is none
 * @param cseq the digits of the CSeq; empty if there are none
 * @param from URI and tag of From
 * @param to URI and tag of To
 */
record CallFields(String callId, String cseq, AddressHeader from, AddressHeader to) {
    private static final long MAX_CSEQ = 0xFFFF_FFFFL;

    private static final int MAX_CSEQ_DIGITS = 10;

    static CallFields of(SipMessageView message) {
        String callId = message.header("Call-ID");
        return new CallFields(
                callId == null ? "" : callId,
                cseqDigits(message.header("CSeq")),
                AddressHeader.parse(message.header("From")),
                AddressHeader.parse(message.header("To")));
    }

    /** Whether the message is an INVITE outside any dialog, which may begin a call. */
    boolean beginsCall(SipMessageView message) {
        return message.isRequest()
                && message.method().equals(SipMethod.INVITE)
                && to.tag().isEmpty()
                && !from.tag().isEmpty()
                && !callId.isEmpty()
                && hasCseqNumber();
    }

    /** Returns which of the fields that name a session is absent; null if none is. */
    @Nullable String absence() {
        if (callId.isEmpty()) {
            return "the message has no Call-ID";
        }
        return from.tag().isEmpty() ? "the message has no From header field with a tag" : null;
    }

    private static String cseqDigits(@Nullable String value) {
        if (value == null) {
            return "";
        }
        int end = 0;
        while (end < value.length() && value.charAt(end) >= '0' && value.charAt(end) <= '9') {
            end++;
        }
        return value.substring(0, end);
    }

    /**
     * Returns the CSeq as a number of 32 bits (RFC 3261 8.1.1.5).
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
}
