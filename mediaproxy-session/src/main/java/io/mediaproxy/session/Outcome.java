package io.mediaproxy.session;

/** What came of a call to {@link MediaProxy}, and the return code that the module's function gives for it. */
public enum Outcome {
    /** The media go through the relay: there is a new body. */
    REWRITTEN(1),
    /**
     * As {@link #REWRITTEN}, for an answer that came so late that the relay had given up the offer's session: the other side sends
     * to ports where nothing is relayed any more, until a new offer (re-INVITE) mends it. The ports tell, or a relay's other
     * address; a relay that hands out its ports in no order may be suspected wrongly, where the answer took half a minute.
     */
    SESSION_EXPIRED(1),
    /** The dispatcher was told, and the body is right as it is. */
    UNCHANGED(1),
    /** The SDP has no stream that the relay carries; nothing was sent. */
    NOTHING_TO_RELAY(1),
    /** The message has no SDP; nothing was sent. */
    NO_SDP(-2),
    /** ICE has ended and the phones talk as they agreed; the message is left alone, nothing was sent (RFC 8839 4.4.1.2). */
    ICE_ENDED(-1),
    /** The message is of a call that has ended: nothing was sent, as nothing would remove the session that it would make. */
    CALL_ENDED(-1),
    /** The message is of a call that is not engaged: it is left alone, nothing was sent. */
    NOT_ENGAGED(1),
    /** The session was removed. */
    REMOVED(1),
    /** The dispatcher knew of no such session, or of none any more: the usual end of a call that was never relayed. */
    UNKNOWN_SESSION(1),
    /** The removal could not be delivered; it is kept and tried again. */
    REMOVAL_QUEUED(-1),
    /** It did not work; {@link MediaProxyResult#reason()} says why. The message stays as it was. */
    FAILED(-1),
    /** The module's {@code disable} is set: nothing was done. */
    DISABLED(-1);

    private final int returnCode;

    Outcome(int returnCode) {
        this.returnCode = returnCode;
    }

    /** +1, -1 or -2, as documented for {@code use_media_proxy} and {@code end_media_session}. */
    public int returnCode() {
        return returnCode;
    }
}
