package io.mediaproxy.sdp;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The relay's address and ports for the media of one message: an IPv4 address and one RTP port per supported stream, in
 * the order of the {@code m=} lines. RTCP is at the RTP port plus one, as the relay allocates them. Port 0 means that
 * the relay no longer carries that stream.
 *
 * <p>Immutable. Thread-safe.
 */
public final class RelayEndpoints {
    /** 65535 would leave no port for RTCP. */
    private static final int MAX_RTP_PORT = 65534;

    /** A power of two. There are few relays, and many calls keep their endpoints. */
    private static final int KEPT_ADDRESSES = 16;

    /** Each at the place of its hash. Threads may overwrite each other's. */
    private static final @Nullable Address[] KEPT = new Address[KEPT_ADDRESSES];

    private final Address address;
    private final int[] ports;

    /** One address in its three forms. */
    private static final class Address {
        private final String text;
        private final byte[] bytes;
        private final int packed;

        Address(String text) {
            this.text = text;
            this.packed = packIpv4(text);
            this.bytes = Arrays.copyOf(Ascii.bytes(text), Ascii.SHORT);
        }

        static Address of(String text) {
            int place = text.hashCode() & KEPT_ADDRESSES - 1;
            Address kept = KEPT[place];
            if (kept == null || !kept.text.equals(text)) {
                kept = new Address(text);
                KEPT[place] = kept;
            }
            return kept;
        }
    }

    private RelayEndpoints(Address address, int[] ports) {
        this.address = address;
        this.ports = ports;
    }

    /**
     * Makes the endpoints of one reply of the dispatcher.
     *
     * @param ipv4 the relay's address, a dotted quad
     * @param ports the RTP ports, 0 to 65534; copied
     * @return the endpoints
     * @throws IllegalArgumentException if {@code ipv4} is not a dotted quad of four numbers 0..255, or a port is not in
     *     0..65534
     */
    public static RelayEndpoints of(String ipv4, int... ports) {
        Address address = Address.of(ipv4);
        for (int port : ports) {
            if (port < 0 || port > MAX_RTP_PORT) {
                throw new IllegalArgumentException(
                        "a relay's RTP port is 0 to " + MAX_RTP_PORT + " (RTCP is one above), not " + port);
            }
        }
        return new RelayEndpoints(address, ports.clone());
    }

    private static int packIpv4(String text) {
        int packed = 0;
        int octets = 0;
        int pos = 0;
        while (octets < 4) {
            int end = octets < 3 ? text.indexOf('.', pos) : text.length();
            int octet = end < 0 ? -1 : octet(text, pos, end);
            if (octet < 0) {
                throw new IllegalArgumentException("a relay's address is an IPv4 literal, not \"" + text + "\"");
            }
            packed = packed << 8 | octet;
            octets++;
            pos = end + 1;
        }
        return packed;
    }

    private static int octet(String text, int start, int end) {
        boolean leadingZero = end - start > 1 && text.charAt(start) == '0'; // some read such a number as octal
        if (end - start < 1 || end - start > 3 || leadingZero) {
            return -1;
        }
        int value = 0;
        for (int pos = start; pos < end; pos++) {
            int digit = text.charAt(pos) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value <= 255 ? value : -1;
    }

    /**
     * Returns the relay's address.
     *
     * @return an IPv4 literal
     */
    public String address() {
        return address.text;
    }

    /**
     * Returns the number of streams that the relay has a port for. It may differ from the number of streams in the SDP.
     *
     * @return the number of ports
     */
    public int count() {
        return ports.length;
    }

    /**
     * Returns the RTP port for one stream.
     *
     * @param stream the place among the supported streams, from 0
     * @return the port, or 0 if the relay no longer carries the stream
     * @throws IndexOutOfBoundsException if the relay has no port for it
     */
    public int port(int stream) {
        return ports[stream];
    }

    /** Writes the address, and returns the position after it. Overwrites {@link Ascii#SHORT} bytes. */
    int putAddress(byte[] target, int pos) {
        Ascii.copyShort(address.bytes, 0, target, pos);
        return pos + address.text.length();
    }

    /** The four octets, the first one highest. */
    int packedAddress() {
        return address.packed;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RelayEndpoints that
                && address.text.equals(that.address.text)
                && Arrays.equals(ports, that.ports);
    }

    @Override
    public int hashCode() {
        return 31 * address.text.hashCode() + Arrays.hashCode(ports);
    }

    /** As on the wire: the address, then the ports. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(address.text);
        for (int port : ports) {
            text.append(' ').append(port);
        }
        return text.toString();
    }
}
