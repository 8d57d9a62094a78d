package io.mediaproxy.cli.pcap;

import io.mediaproxy.cli.pcap.RewrittenCapture.Place;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A UDP datagram and the packets that brought it. */
final class Datagram {
    static final String BAD_LENGTH = "a UDP header says a length that cannot be";

    private static final int HEADER = 8;
    private static final int DESTINATION_PORT_AT = 2;
    private static final int LENGTH_AT = 4;
    private static final int CHECKSUM_AT = 6;
    private static final int FRAGMENT_UNIT = 8;

    private final List<Part> parts;
    private final byte[] bytes;
    private final int start;
    private final int end;

    private Datagram(List<Part> parts, byte[] bytes, int start, int end) {
        this.parts = parts;
        this.bytes = bytes;
        this.start = start;
        this.end = end;
    }

    /** A packet and where it stands in the file. */
    record Part(IpPacket packet, Place place) {}

    /** That one packet brought; null: its length cannot be. */
    static @Nullable Datagram of(Part whole) {
        IpPacket packet = whole.packet();
        return of(List.of(whole), packet.frame(), packet.payloadStart(), packet.end());
    }

    /**
     * That several packets brought.
     *
     * @param parts in the order of the datagram
     * @param bytes hold it, with its header from {@code start} on; what is behind its own length is no part of it
     * @return null: its length cannot be
     */
    static @Nullable Datagram of(List<Part> parts, byte[] bytes, int start, int end) {
        if (end - start < HEADER) {
            return null;
        }
        int length = Short.toUnsignedInt(ByteBuffer.wrap(bytes).getShort(start + LENGTH_AT));
        return length < HEADER || length > end - start ? null : new Datagram(parts, bytes, start, start + length);
    }

    List<Part> parts() {
        return parts;
    }

    byte[] bytes() {
        return bytes;
    }

    /** Behind the payload. */
    int end() {
        return end;
    }

    Endpoint source() {
        return Endpoint.of(first().source(), port(start));
    }

    Endpoint destination() {
        return Endpoint.of(first().destination(), port(start + DESTINATION_PORT_AT));
    }

    int payloadStart() {
        return start + HEADER;
    }

    private int port(int at) {
        return Short.toUnsignedInt(ByteBuffer.wrap(bytes).getShort(at));
    }

    private IpPacket first() {
        return parts.get(0).packet();
    }

    /**
     * The frames of {@link #parts} with another payload: lengths and checksums are of that one, and fragments are of about the same
     * size, as many as before.
     *
     * @return empty: no datagram can hold it
     */
    List<byte[]> framesWith(byte[] payload) {
        int length = HEADER + payload.length;
        int partLength = length / parts.size() / FRAGMENT_UNIT * FRAGMENT_UNIT;
        int lastLength = length - partLength * (parts.size() - 1);
        boolean fits = length <= 0xffff
                && parts.stream().allMatch(part -> lastLength <= part.packet().largestPayload())
                && (parts.size() == 1 || partLength > 0);
        if (!fits) {
            return List.of();
        }
        byte[] udp = new byte[length];
        System.arraycopy(bytes, start, udp, 0, HEADER);
        System.arraycopy(payload, 0, udp, HEADER, payload.length);
        ByteBuffer fields = ByteBuffer.wrap(udp);
        fields.putShort(LENGTH_AT, (short) length).putShort(CHECKSUM_AT, (short) 0);
        fields.putShort(CHECKSUM_AT, (short) checksum(udp));
        List<byte[]> frames = new ArrayList<>(parts.size());
        for (int i = 0; i < parts.size(); i++) {
            int from = i * partLength;
            int to = i == parts.size() - 1 ? length : from + partLength;
            frames.add(parts.get(i).packet().frameWith(udp, from, to, from));
        }
        return frames;
    }

    /** With the pseudo header of RFC 768 or RFC 8200 8.1; 0 would say that there is none. */
    private int checksum(byte[] udp) {
        byte[] source = first().source();
        byte[] destination = first().destination();
        int checksum = new InternetChecksum()
                .add(source, 0, source.length)
                .add(destination, 0, destination.length)
                .add(IpPacket.UDP)
                .add(udp.length)
                .add(udp, 0, udp.length)
                .value();
        return checksum == 0 ? 0xffff : checksum;
    }
}
