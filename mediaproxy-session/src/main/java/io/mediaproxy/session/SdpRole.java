package io.mediaproxy.session;

/** Decides whether an SDP is an offer or an answer. */
enum SdpRole {
    /** The server declares it to be an offer. */
    OFFER,
    /** The server declares it to be the answer to the last offer. */
    ANSWER,
    /** The method, the CSeq and the direction of its message decide, see {@link OfferAnswer}. */
    BY_MESSAGE
}
