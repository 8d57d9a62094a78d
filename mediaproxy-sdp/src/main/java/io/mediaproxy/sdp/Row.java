package io.mediaproxy.sdp;

/**
 * The columns of {@link SdpIndex}: one row of ints for the session level and one for each stream. Row 0 is the session,
 * row i + 1 is stream i. Offsets are absolute in the array. A row holds only what a rewrite needs; line numbers, types
 * and transports are found again when a caller asks for them.
 */
final class Row {
    static final int SHIFT = 4;

    /** The stream number of the session level. */
    static final int SESSION = -1;

    /**
     * The lines that were found, as bits. Most other columns mean nothing without their bit, so that only this is
     * cleared.
     */
    static final int FLAGS = 0;

    /** The beginning of the m= line; the session has none. */
    static final int MEDIA = 1;

    /** The digits of the port, without a "/1" after them. */
    static final int PORT_AT = 2;

    static final int PORT_END = 3;
    static final int PORT = 4;

    /**
     * Where an added c= line belongs: after m= and, if there is one, i= (RFC 8866 5). For the session, the end of v=.
     */
    static final int INSERT_AT = 5;

    /** The beginning of the c= line. */
    static final int CONNECTION = 6;

    static final int ADDRESS = 7;
    static final int ADDRESS_END = 8;

    static final int RTCP_PORT = 9;
    static final int RTCP_PORT_END = 10;
    static final int RTCP_ADDRESS = 11;
    static final int RTCP_ADDRESS_END = 12;

    /** The beginning of the first candidate's line. */
    static final int CANDIDATE = 13;

    // The bits of FLAGS.

    /** The lowest bits: an index into {@link #DIRECTIONS} plus one, or 0. */
    static final int DIRECTION = 7;

    static final int SUPPORTED = 1 << 3;
    static final int VERSION_LINE = 1 << 4;
    static final int INFORMATION_LINE = 1 << 5;

    /** A c= line with an address. */
    static final int CONNECTION_LINE = 1 << 6;

    static final int RTCP_LINE = 1 << 7;
    static final int RTCP_LINE_ADDRESS = 1 << 8;
    static final int CANDIDATE_LINE = 1 << 9;
    static final int RTCP_CANDIDATE = 1 << 10;
    static final int ICE_UFRAG = 1 << 11;
    static final int ICE_PWD = 1 << 12;
    static final int REMOTE_CANDIDATES = 1 << 13;

    /** A c= line that {@link StreamRules} has to judge once the SDP is complete, perhaps without an address. */
    static final int ODD_CONNECTION = 1 << 14;

    /** A line that leads around the relay; see {@link Detours}. */
    static final int DETOUR = 1 << 15;

    /** A live stream with an IPv6 address. */
    static final int IPV6 = 1 << 16;

    /** A stream that the caller left alone; see {@link SdpIndex#leaveAlone}. */
    static final int EXCLUDED = 1 << 17;

    static final int LEFT_ALONE = IPV6 | EXCLUDED;

    private static final int ICE_CREDENTIALS = ICE_UFRAG | ICE_PWD;

    /** RFC 8866 6.7. */
    static final String[] DIRECTIONS = {"sendrecv", "sendonly", "recvonly", "inactive"};

    /** A line's type and "=". */
    static final int TYPE_LENGTH = 2;

    private Row() {}

    /** Where the row of a stream, or of the {@link #SESSION}, begins. */
    static int of(int stream) {
        return (stream + 1) << SHIFT;
    }

    static boolean hasCredentials(int flags) {
        return (flags & ICE_CREDENTIALS) == ICE_CREDENTIALS;
    }
}
