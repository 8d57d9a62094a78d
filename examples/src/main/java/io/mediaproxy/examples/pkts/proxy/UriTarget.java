package io.mediaproxy.examples.pkts.proxy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Where a SIP URI leads, over UDP (RFC 3261 19.1). */
final class UriTarget {
    private static final String SIP = "sip:";

    private UriTarget() {}

    static boolean isSip(byte[] array, int startInclusive, int endExclusive) {
        return Ascii.startsWith(array, startInclusive, endExclusive, SIP);
    }

    /** The address that a {@code sip:} URI names; null: another scheme, a name, or no port. */
    static @Nullable InetSocketAddress parse(byte[] array, int startInclusive, int endExclusive) {
        if (!isSip(array, startInclusive, endExclusive)) {
            return null;
        }
        int hostStart = hostStart(array, startInclusive + SIP.length(), endExclusive);
        int hostEnd = hostStart;
        while (hostEnd < endExclusive && !endsHost(array[hostEnd])) {
            hostEnd++;
        }
        InetAddress address = HostAddress.parse(array, hostStart, hostEnd);
        if (address == null) {
            return null;
        }
        if (hostEnd == endExclusive || array[hostEnd] != ':') {
            return new InetSocketAddress(address, Routing.DEFAULT_PORT);
        }
        int portEnd = hostEnd + 1;
        while (portEnd < endExclusive && Ascii.isDigit(array[portEnd])) {
            portEnd++;
        }
        int port = Ascii.number(array, hostEnd + 1, portEnd);
        boolean valid = Routing.isPort(port) && (portEnd == endExclusive || endsHost(array[portEnd]));
        return valid ? new InetSocketAddress(address, port) : null;
    }

    /** A user part may hold what else ends a host, but no second at sign. */
    private static int hostStart(byte[] array, int startInclusive, int endExclusive) {
        int at = Ascii.indexOf(array, startInclusive, endExclusive, '@');
        return at == endExclusive ? startInclusive : at + 1;
    }

    private static boolean endsHost(byte b) {
        return b == ':' || b == ';' || b == '?';
    }

    /** Whether a URI has a parameter of this name, without a value. */
    static boolean hasParameter(byte[] array, int startInclusive, int endExclusive, String lowerCaseName) {
        int pos = hostStart(array, startInclusive, endExclusive);
        while (pos < endExclusive) {
            pos = Ascii.indexOf(array, pos, endExclusive, ';') + 1;
            int nameEnd = pos + lowerCaseName.length();
            if (nameEnd <= endExclusive
                    && Ascii.startsWith(array, pos, endExclusive, lowerCaseName)
                    && (nameEnd == endExclusive || endsHost(array[nameEnd]))) {
                return true;
            }
        }
        return false;
    }
}
