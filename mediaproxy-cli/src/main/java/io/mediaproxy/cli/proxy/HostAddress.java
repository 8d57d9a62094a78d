package io.mediaproxy.cli.proxy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** Hosts that are IPv4 literals. Names are not looked up: a proxy with one thread must not wait for DNS. */
final class HostAddress {
    private static final int OCTETS = 4;
    private static final int MAX_OCTET = 255;
    private static final int MAX_DIGITS = 3;

    private HostAddress() {}

    /** The address, or null: the range is none. */
    static @Nullable InetAddress parse(byte[] array, int startInclusive, int endExclusive) {
        byte[] octets = new byte[OCTETS];
        int pos = startInclusive;
        for (int i = 0; i < OCTETS; i++) {
            int end = Ascii.indexOf(array, pos, endExclusive, '.');
            int octet = end - pos > MAX_DIGITS ? -1 : Ascii.number(array, pos, end);
            boolean last = i == OCTETS - 1;
            if (octet < 0 || octet > MAX_OCTET || last != (end == endExclusive)) {
                return null;
            }
            octets[i] = (byte) octet;
            pos = end + 1;
        }
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException e) { // of an array of another length
            throw new IllegalStateException(e);
        }
    }
}
