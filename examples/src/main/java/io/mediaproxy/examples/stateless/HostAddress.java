package io.mediaproxy.examples.stateless;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads hosts that are IPv4 literals. Names are not looked up: a proxy with one thread must not wait for DNS. */
public final class HostAddress {
    private static final int OCTETS = 4;
    private static final int MAX_OCTET = 255;
    private static final int MAX_DIGITS = 3;

    private HostAddress() {}

    /** Returns the address; null if the text is not an IPv4 literal. */
    public static @Nullable InetAddress parse(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return parse(bytes, 0, bytes.length);
    }

    /** Returns the address; null if the range is not an IPv4 literal. */
    static @Nullable InetAddress parse(byte[] array, int start, int end) {
        byte[] octets = new byte[OCTETS];
        int pos = start;
        for (int i = 0; i < OCTETS; i++) {
            int dot = Ascii.indexOf(array, pos, end, '.');
            int octet = dot - pos > MAX_DIGITS ? -1 : Ascii.number(array, pos, dot);
            boolean last = i == OCTETS - 1;
            if (octet < 0 || octet > MAX_OCTET || last != (dot == end)) {
                return null;
            }
            octets[i] = (byte) octet;
            pos = dot + 1;
        }
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException e) { // only for an array of another length
            throw new IllegalStateException(e);
        }
    }
}
