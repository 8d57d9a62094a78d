package io.mediaproxy.sdp;

/**
 * Reads the address of a {@code c=} line. Accepted as IPv4, each with an example from the field:
 *
 * <pre>
 *   192.0.2.6             the usual form
 *   192.0.2.6.            Tolerated: a trailing dot
 *   192.000.002.006       Tolerated: zero-padded octets, which are decimal and never octal
 *   192.0.2.6/127         Tolerated: a TTL, which only multicast has (RFC 8866 5.7)
 *   ::ffff:192.0.2.6      an IPv4-mapped IPv6 address (RFC 4291 2.5.5.2)
 * </pre>
 */
final class ConnectionAddress {
    /** The result of {@link #ipv4} for any other address. */
    static final long NOT_IPV4 = -1;

    private static final byte[] IPV6_TYPE = Ascii.bytes("ip6");
    private static final byte[] MAPPED_PREFIX = Ascii.bytes("::ffff:");

    private static final int OCTETS = 4;
    private static final int MAX_OCTET = 255;
    private static final int MAX_DIGITS = 3;

    /** The highest four bits of a multicast address, 224.0.0.0/4. */
    private static final int MULTICAST = 0xE;

    /** Network and address type in their usual spelling. */
    static final String USUAL_TYPE = "IN IP4";

    private static final long USUAL_TYPE_WORD = Ascii.word(USUAL_TYPE + " \0");
    private static final long SEVEN_LETTERS = 0xFF_FFFF_FFFF_FFFFL;

    private ConnectionAddress() {}

    /** Whether network and address type have their usual spelling, by one comparison. */
    static boolean isUsualType(byte[] buffer, int netType, int end) {
        return end - netType > Long.BYTES && (Ascii.word(buffer, netType) & SEVEN_LETTERS) == USUAL_TYPE_WORD;
    }

    /** Where the address type begins, after a network type that begins at {@code start} or later. */
    static int type(byte[] buffer, int start, int end) {
        int netType = Ascii.skipBlanks(buffer, start, end);
        return Ascii.skipBlanks(buffer, Ascii.tokenEnd(buffer, netType, end), end);
    }

    /** The end of the address type, after a network type that begins at {@code netType} or later. */
    static int typeEnd(byte[] buffer, int netType, int end) {
        if (isUsualType(buffer, netType, end)) {
            return netType + USUAL_TYPE.length();
        }
        return Ascii.tokenEnd(buffer, type(buffer, netType, end), end);
    }

    /**
     * Parses an IPv4 address in one of the forms above.
     *
     * @param buffer the bytes
     * @param start where the address begins
     * @param end where the address ends
     * @return the four octets, the first one highest, or {@link #NOT_IPV4}
     */
    static long ipv4(byte[] buffer, int start, int end) {
        int pos = Ascii.startsWithIgnoreCase(buffer, start, end, MAPPED_PREFIX) ? start + MAPPED_PREFIX.length : start;
        long packed = 0;
        for (int octet = 0; octet < OCTETS; octet++) {
            int digits = digits(buffer, pos, end);
            int value = number(buffer, pos, digits);
            if (value < 0) {
                return NOT_IPV4;
            }
            packed = packed << Byte.SIZE | value;
            pos += digits;
            if (pos < end && buffer[pos] == '.') {
                pos++;
            } else if (octet < OCTETS - 1) {
                return NOT_IPV4;
            }
        }
        return isEndOrTtl(buffer, pos, end) ? packed : NOT_IPV4;
    }

    private static boolean isEndOrTtl(byte[] buffer, int pos, int end) {
        if (pos == end) {
            return true;
        }
        int ttl = pos + 1;
        int digits = digits(buffer, ttl, end);
        return buffer[pos] == '/' && ttl + digits == end && number(buffer, ttl, digits) >= 0;
    }

    /** The number of digits from {@code pos} on, at most one more than a number may have. */
    private static int digits(byte[] buffer, int pos, int end) {
        int count = 0;
        while (count <= MAX_DIGITS && pos + count < end && buffer[pos + count] >= '0' && buffer[pos + count] <= '9') {
            count++;
        }
        return count;
    }

    /** The value of one to three digits, 0 to 255, or -1. */
    private static int number(byte[] buffer, int pos, int digits) {
        if (digits < 1 || digits > MAX_DIGITS) {
            return -1;
        }
        int value = 0;
        for (int i = 0; i < digits; i++) {
            value = value * 10 + buffer[pos + i] - '0';
        }
        return value <= MAX_OCTET ? value : -1;
    }

    /**
     * Whether this is the null address in any of the forms above: a stream on hold (RFC 3264 8.4), or one whose address
     * trickle ICE has yet to find (RFC 8840).
     */
    static boolean isNull(byte[] buffer, int start, int end) {
        // Nearly all addresses begin with another digit, and need no closer look.
        return start < end && (buffer[start] == '0' || buffer[start] == ':') && ipv4(buffer, start, end) == 0;
    }

    /**
     * Whether an address cannot be sent to the dispatcher because it is IPv6: it has a colon, or it is a host name of
     * type {@code IP6}. An IPv4 address under a wrong type is IPv4.
     *
     * @param buffer the bytes
     * @param addressType where the address type begins
     * @param start where the address begins
     * @param end where the address ends
     */
    static boolean isIpv6(byte[] buffer, int addressType, int start, int end) {
        return ipv4(buffer, start, end) == NOT_IPV4
                && (Ascii.indexOf(buffer, start, end, (byte) ':') >= 0
                        || Ascii.equalsIgnoreCase(
                                buffer, addressType, Ascii.tokenEnd(buffer, addressType, start), IPV6_TYPE));
    }

    /** Whether the address is 224.0.0.0/4. */
    static boolean isMulticast(long ipv4) {
        return ipv4 >>> (Integer.SIZE - 4) == MULTICAST;
    }

    /** The address as four decimal numbers. */
    static String text(long ipv4) {
        return (ipv4 >>> 24) + "." + (ipv4 >>> 16 & 0xFF) + "." + (ipv4 >>> 8 & 0xFF) + "." + (ipv4 & 0xFF);
    }
}
