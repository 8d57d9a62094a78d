package io.mediaproxy.session;

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
    private static final int FIRST_FINAL_STATUS = 200;

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
        return !message.isRequest() && message.statusCode() < FIRST_FINAL_STATUS ? "" : to.tag();
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
