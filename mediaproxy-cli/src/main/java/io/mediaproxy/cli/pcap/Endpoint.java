package io.mediaproxy.cli.pcap;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * One end of a UDP datagram.
 *
 * @param address as text, IPv6 as RFC 5952 has it
 */
record Endpoint(String address, int port) {
    private static final Pattern ZEROS = Pattern.compile("(?:^|:)0(?::0)+(?::|$)");

    static Endpoint of(byte[] address, int port) {
        try {
            InetAddress decoded = InetAddress.getByAddress(address);
            String text = decoded.getHostAddress();
            return new Endpoint(decoded instanceof Inet6Address ? shortened(text) : text, port);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("an IP address has 4 or 16 bytes, not " + address.length, e);
        }
    }

    /** The first one of the longest runs of zeros is left out. */
    private static String shortened(String eightGroups) {
        MatchResult longest = ZEROS.matcher(eightGroups)
                .results()
                .reduce((a, b) -> zeros(b) > zeros(a) ? b : a)
                .orElse(null);
        return longest == null
                ? eightGroups
                : eightGroups.substring(0, longest.start()) + "::" + eightGroups.substring(longest.end());
    }

    private static long zeros(MatchResult run) {
        return run.group().chars().filter(c -> c == '0').count();
    }

    @Override
    public String toString() {
        return (address.indexOf(':') < 0 ? address : '[' + address + ']') + ':' + port;
    }
}
