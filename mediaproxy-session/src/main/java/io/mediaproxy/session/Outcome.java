package io.mediaproxy.session;

/** Outcome of a call to {@link MediaProxy}, with the return code of the module's function. */
public enum Outcome {
    /** The media go through the relay. There is a new body. */
    REWRITTEN(1),
    /**
     * As {@link #REWRITTEN}, but the answer came so late that the relay had dropped the offer's session: the other side
     * sends to ports that no longer relay, until a new offer (re-INVITE) repairs the call. The ports or another relay's
     * address show it. A relay whose ports are out of order may be suspected wrongly if the answer took half a minute.
     */
    SESSION_EXPIRED(1),
    /**
     * As {@link #REWRITTEN}, but the dispatcher gave no relay for this message. Its streams have the types, addresses
     * and ports of the message before, so that it got the relay and the ports of that one, which the relay still has.
     * The dispatcher gets the message when it answers again.
     */
    KEPT_RELAY(1),
    /** The dispatcher knows of the message, and the body is right as it is. */
    UNCHANGED(1),
    /** The SDP has no stream that the relay carries. Nothing was sent. */
    NOTHING_TO_RELAY(1),
    /**
     * The message has no SDP. Nothing was sent. If it has a body of another type, {@code use_media_proxy} returns
     * {@link #FAILED} instead, as the module does.
     */
    NO_SDP(-2),
    /**
     * ICE has ended, and the phones use the path that it found (RFC 8839 4.4.1.2). The message stays as it was; nothing
     * was sent.
     */
    ICE_ENDED(-1),
    /** The call of the message has ended. Nothing was sent, since nothing would remove the new session. */
    CALL_ENDED(-1),
    /** The call of the message is not engaged. The message stays as it was; nothing was sent. */
    NOT_ENGAGED(1),
    /**
     * The INVITE is not engaged, since there are too many calls ({@link MediaProxyBuilder#maxEngagedCalls}). The
     * message stays as it was, and the call goes on without a relay; nothing was sent. Retransmissions of this INVITE
     * have the same outcome.
     */
    TOO_MANY_CALLS(-1),
    /** The session was removed. */
    REMOVED(1),
    /**
     * The dispatcher has no such session, or has removed it: the usual end of a call that was never relayed. If the
     * call had a relay, the removal is tried again.
     */
    UNKNOWN_SESSION(1),
    /** The removal could not be delivered. It is queued and tried again. */
    REMOVAL_QUEUED(-1),
    /** It failed, for the {@linkplain MediaProxyResult#reason() reason} in the result. The message stays as it was. */
    FAILED(-1),
    /** The module's {@code disable} is set: nothing was done. */
    DISABLED(-1);

    private final int returnCode;

    Outcome(int returnCode) {
        this.returnCode = returnCode;
    }

    /**
     * Returns the return code of the module's function.
     *
     * @return +1, -1 or -2, as documented for {@code use_media_proxy} and {@code end_media_session}
     */
    public int returnCode() {
        return returnCode;
    }
}
