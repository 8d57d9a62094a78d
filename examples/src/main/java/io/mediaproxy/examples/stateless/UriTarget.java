package io.mediaproxy.examples.stateless;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Reads the address in a SIP URI, for UDP (RFC 3261 19.1). */
final class UriTarget {
    private static final String SIP = "sip:";

    private UriTarget() {}

    static boolean isSip(byte[] array, int start, int end) {
        return Ascii.startsWith(array, start, end, SIP);
    }

    /** Returns the address in a {@code sip:} URI; null for another scheme, a host name, or an invalid port. */
    static @Nullable InetSocketAddress parse(byte[] array, int start, int end) {
        if (!isSip(array, start, end)) {
            return null;
        }
        int hostStart = hostStart(array, start + SIP.length(), end);
        int hostEnd = hostStart;
        while (hostEnd < end && !endsHost(array[hostEnd])) {
            hostEnd++;
        }
        InetAddress address = HostAddress.parse(array, hostStart, hostEnd);
        if (address == null) {
            return null;
        }
        if (hostEnd == end || array[hostEnd] != ':') {
            return new InetSocketAddress(address, Routing.DEFAULT_PORT);
        }
        int portEnd = hostEnd + 1;
        while (portEnd < end && Ascii.isDigit(array[portEnd])) {
            portEnd++;
        }
        int port = Ascii.number(array, hostEnd + 1, portEnd);
        boolean valid = Routing.isPort(port) && (portEnd == end || endsHost(array[portEnd]));
        return valid ? new InetSocketAddress(address, port) : null;
    }

    /** A user part may contain the characters that end a host, but no second at sign. */
    private static int hostStart(byte[] array, int start, int end) {
        int at = Ascii.indexOf(array, start, end, '@');
        return at == end ? start : at + 1;
    }

    private static boolean endsHost(byte b) {
        return b == ':' || b == ';' || b == '?';
    }

    /** Whether a URI has a parameter of this name, without a value. */
    static boolean hasParameter(byte[] array, int start, int end, String lowerCaseName) {
        int pos = hostStart(array, start, end);
        while (pos < end) {
            pos = Ascii.indexOf(array, pos, end, ';') + 1;
            int nameEnd = pos + lowerCaseName.length();
            if (nameEnd <= end
                    && Ascii.startsWith(array, pos, end, lowerCaseName)
                    && (nameEnd == end || endsHost(array[nameEnd]))) {
                return true;
            }
        }
        return false;
    }
}
