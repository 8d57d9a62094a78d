package io.mediaproxy.cli.pcap;

import io.mediaproxy.cli.pcap.RewrittenCapture.Place;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A UDP datagram and the packets that carry it.
 *
 * @param parts in the order of the datagram
 * @param udp header and payload
 */
record Datagram(List<Part> parts, ByteBuffer udp) {
    static final String BAD_LENGTH = "a UDP header has an impossible length";

    private static final int HEADER = 8;
    private static final int DESTINATION_PORT_AT = 2;
    private static final int LENGTH_AT = 4;
    private static final int CHECKSUM_AT = 6;
    private static final int FRAGMENT_UNIT = 8;

    private static final int VXLAN_PORT = 4789;
    /** Only the flag for a valid identifier is set, and reserved bits are 0 (RFC 7348 5). */
    private static final int VXLAN_FLAGS = 0x0800_0000;

    /** A packet and its place in the file. */
    record Part(IpPacket packet, Place place) {}

    /** Reads the datagram at the start of those bytes; null if its length is impossible. */
    static @Nullable Datagram of(List<Part> parts, ByteBuffer bytes) {
        if (bytes.limit() < HEADER) {
            return null;
        }
        int length = Short.toUnsignedInt(bytes.getShort(LENGTH_AT));
        return length < HEADER || length > bytes.limit() ? null : new Datagram(parts, bytes.slice(0, length));
    }

    Endpoint source() {
        return Endpoint.of(first().source(), port(0));
    }

    Endpoint destination() {
        return Endpoint.of(first().destination(), port(DESTINATION_PORT_AT));
    }

    private int port(int at) {
        return Short.toUnsignedInt(udp.getShort(at));
    }

    private IpPacket first() {
        return parts.get(0).packet();
    }

    ByteBuffer payload() {
        return udp.slice(HEADER, udp.limit() - HEADER);
    }

    /** Whether it has an Ethernet frame in it, which is not read. */
    boolean isVxlan() {
        return port(DESTINATION_PORT_AT) == VXLAN_PORT
                && udp.limit() > HEADER + Long.BYTES
                && udp.getInt(HEADER) == VXLAN_FLAGS;
    }

    /**
     * Makes the frames of {@link #parts} with another payload: as many fragments as before, of about equal length, with
     * new lengths and checksums.
     *
     * @return empty if no datagram can hold it
     */
    List<ByteBuffer> framesWith(byte[] payload) {
        int length = HEADER + payload.length;
        int partLength = length / parts.size() / FRAGMENT_UNIT * FRAGMENT_UNIT;
        int lastLength = length - partLength * (parts.size() - 1);
        boolean fits = length <= LengthField.MAX
                && parts.stream().allMatch(part -> lastLength <= part.packet().maxPayload())
                && (parts.size() == 1 || partLength > 0);
        if (!fits) {
            return List.of();
        }
        ByteBuffer changed = ByteBuffer.allocate(length)
                .put(udp.slice(0, HEADER))
                .put(payload)
                .flip()
                .putShort(LENGTH_AT, (short) length)
                .putShort(CHECKSUM_AT, (short) 0);
        changed.putShort(CHECKSUM_AT, (short) checksum(changed));
        List<ByteBuffer> frames = new ArrayList<>(parts.size());
        for (Part part : parts) {
            int offset = frames.size() * partLength;
            boolean last = frames.size() == parts.size() - 1;
            frames.add(part.packet().frameWith(changed.slice(offset, last ? length - offset : partLength), offset));
        }
        return frames;
    }

    /** With the pseudo header of RFC 768 or RFC 8200 8.1; 0 would mean that there is none. */
    private int checksum(ByteBuffer datagram) {
        ByteBuffer lengthAndProtocol = ByteBuffer.allocate(2 * Integer.BYTES)
                .putInt(0, datagram.limit())
                .putInt(Integer.BYTES, IpPacket.UDP);
        int checksum = Checksums.internet(first().source(), first().destination(), lengthAndProtocol, datagram);
        return checksum == 0 ? 0xffff : checksum;
    }
}
