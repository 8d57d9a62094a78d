package io.mediaproxy.cli.pcap;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * One end of a UDP datagram.
 *
 * @param address as text, IPv6 as in RFC 5952
 */
record Endpoint(String address, int port) {
    private static final Pattern ZEROS = Pattern.compile("(?<![^:])0(?::0)+(?![^:])");

    /** @param address 4 or 16 bytes */
    static Endpoint of(ByteBuffer address, int port) {
        byte[] bytes = new byte[address.limit()];
        address.get(0, bytes);
        try {
            return new Endpoint(shortened(InetAddress.getByAddress(bytes).getHostAddress()), port);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("an IP address has 4 or 16 bytes, not " + bytes.length, e);
        }
    }

    /** Leaves out the first one of the longest runs of zeros in an IPv6 address. */
    private static String shortened(String address) {
        return ZEROS.matcher(address)
                .results()
                .max(Comparator.comparing(run -> run.end() - run.start()))
                .map(run -> shortened(address, run))
                .orElse(address);
    }

    private static String shortened(String address, MatchResult run) {
        String before = address.substring(0, Math.max(0, run.start() - 1));
        return before + "::" + address.substring(Math.min(address.length(), run.end() + 1));
    }

    @Override
    public String toString() {
        return (address.indexOf(':') < 0 ? address : '[' + address + ']') + ':' + port;
    }
}
