package io.mediaproxy.session;

/** How it is decided whether an SDP is an offer or an answer. */
enum SdpRole {
    /** By the server: it is an offer. */
    OFFER,
    /** By the server: it is the answer to the last offer. */
    ANSWER,
    /** By the method, the CSeq and the direction of its message, see {@link OfferAnswer}. */
    BY_MESSAGE
}
