package io.mediaproxy.cli.pcap;

import java.nio.ByteBuffer;

/** An IP packet in a frame, by offsets, all of which are within the frame. The frame is nobody's to change. */
final class IpPacket implements FrameContent {
    static final int UDP = 17;

    private static final int VERSION_4 = 4;
    private static final int VERSION_6 = 6;

    private static final int SMALLEST_V4_HEADER = 20;
    private static final int V4_LENGTH_AT = 2;
    private static final int V4_ID_AT = 4;
    private static final int V4_FRAGMENT_AT = 6;
    private static final int V4_PROTOCOL_AT = 9;
    private static final int V4_CHECKSUM_AT = 10;
    private static final int V4_SOURCE_AT = 12;
    private static final int V4_ADDRESS = 4;
    private static final int V4_MORE = 0x2000;
    private static final int V4_OFFSET = 0x1fff;

    private static final int V6_HEADER = 40;
    private static final int V6_LENGTH_AT = 4;
    private static final int V6_PROTOCOL_AT = 6;
    private static final int V6_SOURCE_AT = 8;
    private static final int V6_ADDRESS = 16;
    private static final int HOP_BY_HOP = 0;
    private static final int ROUTING = 43;
    private static final int FRAGMENT = 44;
    private static final int DESTINATION_OPTIONS = 60;
    private static final int EXTENSION_UNIT = 8;
    private static final int SEGMENTS_LEFT_AT = 3;
    private static final int MAX_EXTENSIONS = 16;

    private static final int OFFSET_UNIT = 8;

    private final byte[] frame;
    private final int start;
    private final int payloadStart;
    private final int end;
    private final int protocol;
    private final Fragment fragment;

    private IpPacket(byte[] frame, int start, int payloadStart, int end, int protocol, Fragment fragment) {
        this.frame = frame;
        this.start = start;
        this.payloadStart = payloadStart;
        this.end = end;
        this.protocol = protocol;
        this.fragment = fragment;
    }

    /**
     * Which part of a datagram a packet carries.
     *
     * @param id of the datagram
     * @param offset in bytes
     * @param more whether others follow
     * @param headerAt of IPv6, where its fragment header begins; of IPv4 0
     */
    record Fragment(int id, int offset, boolean more, int headerAt) {
        static final Fragment WHOLE = new Fragment(0, 0, false, 0);

        boolean isWhole() {
            return offset == 0 && !more;
        }
    }

    /**
     * Reads the headers.
     *
     * @param start of the IP packet in its frame
     * @param isCut whether the capture has not all of the frame
     */
    static FrameContent of(byte[] frame, int start, boolean isCut) {
        if (start == frame.length) {
            return new Broken("there is no IP packet in the frame");
        }
        int version = frame[start] >> 4 & 0xf;
        return switch (version) {
            case VERSION_4 -> v4(frame, start, isCut);
            case VERSION_6 -> v6(frame, start, isCut);
            default -> new Broken("an IP packet is neither of version 4 nor 6");
        };
    }

    private static FrameContent v4(byte[] frame, int start, boolean isCut) {
        ByteBuffer bytes = ByteBuffer.wrap(frame);
        if (frame.length - start < SMALLEST_V4_HEADER) {
            return tooShort(isCut);
        }
        int headerLength = (frame[start] & 0xf) * Integer.BYTES;
        int length = Short.toUnsignedInt(bytes.getShort(start + V4_LENGTH_AT));
        if (headerLength < SMALLEST_V4_HEADER || length < headerLength) {
            return new Broken("an IPv4 header says a length that cannot be");
        }
        if (start + length > frame.length) {
            return tooShort(isCut);
        }
        int flags = Short.toUnsignedInt(bytes.getShort(start + V4_FRAGMENT_AT));
        Fragment fragment = new Fragment(
                Short.toUnsignedInt(bytes.getShort(start + V4_ID_AT)),
                (flags & V4_OFFSET) * OFFSET_UNIT,
                (flags & V4_MORE) != 0,
                0);
        return new IpPacket(
                frame,
                start,
                start + headerLength,
                start + length,
                Byte.toUnsignedInt(frame[start + V4_PROTOCOL_AT]),
                fragment.isWhole() ? Fragment.WHOLE : fragment);
    }

    private static FrameContent v6(byte[] frame, int start, boolean isCut) {
        ByteBuffer bytes = ByteBuffer.wrap(frame);
        if (frame.length - start < V6_HEADER) {
            return tooShort(isCut);
        }
        int length = Short.toUnsignedInt(bytes.getShort(start + V6_LENGTH_AT));
        int end = start + V6_HEADER + length;
        if (end > frame.length) {
            return tooShort(isCut);
        }
        int protocol = Byte.toUnsignedInt(frame[start + V6_PROTOCOL_AT]);
        int at = start + V6_HEADER;
        Fragment fragment = Fragment.WHOLE;
        for (int i = 0; i < MAX_EXTENSIONS && isExtension(protocol); i++) {
            if (end - at < EXTENSION_UNIT) {
                return new Broken("an IPv6 extension header is longer than its packet");
            }
            if (protocol == ROUTING && frame[at + SEGMENTS_LEFT_AT] != 0) {
                return new Foreign(); // it is on its way to somebody whom the header does not name
            }
            int extension = EXTENSION_UNIT;
            if (protocol == FRAGMENT) {
                int flags = Short.toUnsignedInt(bytes.getShort(at + Short.BYTES));
                fragment = new Fragment(
                        bytes.getInt(at + Integer.BYTES), flags & ~(OFFSET_UNIT - 1), (flags & 1) != 0, at);
            } else {
                extension += Byte.toUnsignedInt(frame[at + 1]) * EXTENSION_UNIT;
            }
            boolean last = protocol == FRAGMENT && fragment.offset() > 0; // what follows is the middle of something
            protocol = Byte.toUnsignedInt(frame[at]);
            at += extension;
            if (at > end) {
                return new Broken("an IPv6 extension header is longer than its packet");
            }
            if (last) {
                break;
            }
        }
        return new IpPacket(frame, start, at, end, protocol, fragment);
    }

    private static boolean isExtension(int protocol) {
        return protocol == HOP_BY_HOP || protocol == ROUTING || protocol == FRAGMENT || protocol == DESTINATION_OPTIONS;
    }

    private static Broken tooShort(boolean isCut) {
        return new Broken(
                isCut ? "the capture has only the beginning of the packet" : "an IP packet is longer than its frame");
    }

    /** The whole frame and nothing else. */
    byte[] frame() {
        return frame;
    }

    /** Behind the IP header and its extensions. */
    int payloadStart() {
        return payloadStart;
    }

    /** Behind the packet; what follows in the frame is of the link layer. */
    int end() {
        return end;
    }

    /** Of the payload. */
    int protocol() {
        return protocol;
    }

    /** Where in its datagram the payload belongs; {@link Fragment#WHOLE} where it is all of it. */
    Fragment fragment() {
        return fragment;
    }

    private boolean isV4() {
        return (frame[start] >> 4 & 0xf) == VERSION_4;
    }

    int payloadLength() {
        return end - payloadStart;
    }

    byte[] source() {
        return address(0);
    }

    byte[] destination() {
        return address(1);
    }

    private byte[] address(int index) {
        int length = isV4() ? V4_ADDRESS : V6_ADDRESS;
        byte[] address = new byte[length];
        System.arraycopy(frame, start + (isV4() ? V4_SOURCE_AT : V6_SOURCE_AT) + index * length, address, 0, length);
        return address;
    }

    /** The most bytes that its payload could have with the headers that it has. */
    int largestPayload() {
        int countedFrom = isV4() ? start : start + V6_HEADER;
        return 0xffff - (payloadStart - countedFrom);
    }

    /**
     * The same frame around another payload: with the lengths and the header's checksum of that one, and all else as it is.
     *
     * @param bytes hold the payload; at most {@link #largestPayload()} of them
     * @param offset where in its datagram this part of the payload belongs now, a multiple of eight
     */
    byte[] frameWith(byte[] bytes, int from, int to, int offset) {
        int trailer = frame.length - end;
        byte[] changed = new byte[payloadStart + to - from + trailer];
        System.arraycopy(frame, 0, changed, 0, payloadStart);
        System.arraycopy(bytes, from, changed, payloadStart, to - from);
        System.arraycopy(frame, end, changed, changed.length - trailer, trailer);
        int newEnd = changed.length - trailer;
        ByteBuffer fields = ByteBuffer.wrap(changed);
        if (isV4()) {
            int flags = Short.toUnsignedInt(fields.getShort(start + V4_FRAGMENT_AT)) & ~V4_OFFSET;
            fields.putShort(start + V4_LENGTH_AT, (short) (newEnd - start));
            fields.putShort(start + V4_FRAGMENT_AT, (short) (flags | offset / OFFSET_UNIT));
            fields.putShort(start + V4_CHECKSUM_AT, (short) 0);
            int checksum =
                    new InternetChecksum().add(changed, start, payloadStart).value();
            fields.putShort(start + V4_CHECKSUM_AT, (short) checksum);
        } else {
            fields.putShort(start + V6_LENGTH_AT, (short) (newEnd - start - V6_HEADER));
            if (fragment.headerAt() > 0) {
                int flagsAt = fragment.headerAt() + Short.BYTES;
                int flags = Short.toUnsignedInt(fields.getShort(flagsAt)) & (OFFSET_UNIT - 1);
                fields.putShort(flagsAt, (short) (flags | offset));
            }
        }
        if (trailer >= Integer.BYTES && FrameCheckSequence.ends(frame)) {
            FrameCheckSequence.put(changed);
        }
        return changed;
    }
}
