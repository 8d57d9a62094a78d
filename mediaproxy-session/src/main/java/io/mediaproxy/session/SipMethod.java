package io.mediaproxy.session;

/** The methods of a call (RFC 3261, 3262, 3311), and the status codes that decide its state. */
final class SipMethod {
    static final String INVITE = "INVITE";
    static final String ACK = "ACK";
    static final String BYE = "BYE";
    static final String CANCEL = "CANCEL";
    static final String PRACK = "PRACK";
    static final String UPDATE = "UPDATE";

    static final int TRYING = 100;
    static final int OK = 200;
    static final int FIRST_FAILURE = 300;

    private SipMethod() {}
}
