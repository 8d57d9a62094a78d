package io.mediaproxy.cli.pcap;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * An IP packet in a frame, by offsets, all of which are within the frame. A packet within another one (IP in IP, or
 * GRE) is taken for itself.
 *
 * @param frame not to be changed
 * @param payloadStart after the IP header and its extensions
 * @param end after the packet; the link layer may have more
 * @param fragment {@link Fragment#WHOLE} if it is not one
 * @param lengths of this packet and of all headers around it
 */
record IpPacket(
        ByteBuffer frame,
        int start,
        int payloadStart,
        int end,
        int protocol,
        Fragment fragment,
        List<LengthField> lengths)
        implements FrameContent {
    static final int UDP = 17;

    private static final int IPV4 = 4;
    private static final int IPV6 = 41;
    private static final int GRE = 47;
    private static final int MAX_LENGTHS = 6;

    private static final int V4_HEADER = 20;
    private static final int V4_LENGTH_AT = 2;
    private static final int V4_ID_AT = 4;
    private static final int V4_FRAGMENT_AT = 6;
    private static final int V4_PROTOCOL_AT = 9;
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
    private static final Broken BAD_EXTENSION = new Broken("an IPv6 extension header is longer than its packet");

    /** With a checksum or source route, or of another version: not read. */
    private static final int GRE_UNREAD = 0xc007;

    private static final int GRE_KEY = 0x2000;
    private static final int GRE_SEQUENCE = 0x1000;

    private static final int OFFSET_UNIT = 8;

    /**
     * The part of a datagram in a packet.
     *
     * @param id of the datagram
     * @param offset in bytes
     * @param more whether others follow
     * @param headerAt where the fragment header of IPv6 begins; 0 for IPv4
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
     * @param end where the packet has to end
     * @param isCut whether less of the frame was captured than was sent
     * @param around the lengths of the headers around it
     */
    static FrameContent read(ByteBuffer frame, int start, int end, boolean isCut, List<LengthField> around) {
        if (start >= end) {
            return new Broken("there is no IP packet in the frame");
        }
        FrameContent content = switch (version(frame.get(start))) {
            case 4 -> v4(frame, start, end, isCut, around);
            case 6 -> v6(frame, start, end, isCut, around);
            default -> new Broken("an IP packet is neither of version 4 nor 6");
        };
        return content instanceof IpPacket packet ? packet.innermost(isCut) : content;
    }

    private static int version(byte first) {
        return first >> 4 & 0xf;
    }

    static boolean isVersion(byte first) {
        return version(first) == 4 || version(first) == 6;
    }

    private static FrameContent v4(ByteBuffer frame, int start, int limit, boolean isCut, List<LengthField> around) {
        if (limit - start < V4_HEADER) {
            return tooShort(isCut);
        }
        int payloadStart = start + (frame.get(start) & 0xf) * Integer.BYTES;
        LengthField length = new LengthField(start + V4_LENGTH_AT, start, payloadStart);
        int end = start + length.value(frame);
        if (payloadStart - start < V4_HEADER || end < payloadStart) {
            return new Broken("an IPv4 header has an impossible length");
        }
        if (end > limit) {
            return tooShort(isCut);
        }
        int flags = unsignedShort(frame, start + V4_FRAGMENT_AT);
        Fragment fragment = new Fragment(
                unsignedShort(frame, start + V4_ID_AT), (flags & V4_OFFSET) * OFFSET_UNIT, (flags & V4_MORE) != 0, 0);
        return new IpPacket(
                frame,
                start,
                payloadStart,
                end,
                Byte.toUnsignedInt(frame.get(start + V4_PROTOCOL_AT)),
                fragment.isWhole() ? Fragment.WHOLE : fragment,
                plus(around, length));
    }

    private static FrameContent v6(ByteBuffer frame, int start, int limit, boolean isCut, List<LengthField> around) {
        if (limit - start < V6_HEADER) {
            return tooShort(isCut);
        }
        LengthField length = LengthField.of(start + V6_LENGTH_AT);
        int end = start + V6_HEADER + length.value(frame);
        if (end > limit) {
            return tooShort(isCut);
        }
        int protocol = Byte.toUnsignedInt(frame.get(start + V6_PROTOCOL_AT));
        int at = start + V6_HEADER;
        Fragment fragment = Fragment.WHOLE;
        // What follows a later fragment's header is the middle of something.
        for (int i = 0; i < MAX_EXTENSIONS && isExtension(protocol) && fragment.offset() == 0; i++) {
            if (end - at < EXTENSION_UNIT) {
                return BAD_EXTENSION;
            }
            if (protocol == ROUTING && frame.get(at + SEGMENTS_LEFT_AT) != 0) {
                return new Foreign(); // the final destination is not in the header
            }
            int extension = EXTENSION_UNIT;
            if (protocol == FRAGMENT) {
                int flags = unsignedShort(frame, at + Short.BYTES);
                fragment = new Fragment(
                        frame.getInt(at + Integer.BYTES), flags & ~(OFFSET_UNIT - 1), (flags & 1) != 0, at);
            } else {
                extension += Byte.toUnsignedInt(frame.get(at + 1)) * EXTENSION_UNIT;
            }
            protocol = Byte.toUnsignedInt(frame.get(at));
            at += extension;
            if (at > end) {
                return BAD_EXTENSION;
            }
        }
        return new IpPacket(frame, start, at, end, protocol, fragment, plus(around, length));
    }

    private static boolean isExtension(int protocol) {
        return protocol == HOP_BY_HOP || protocol == ROUTING || protocol == FRAGMENT || protocol == DESTINATION_OPTIONS;
    }

    private static Broken tooShort(boolean isCut) {
        return new Broken(
                isCut ? "the capture has only the beginning of the packet" : "an IP packet is longer than its frame");
    }

    private static int unsignedShort(ByteBuffer frame, int at) {
        return Short.toUnsignedInt(frame.getShort(at));
    }

    private static List<LengthField> plus(List<LengthField> around, LengthField length) {
        List<LengthField> all = new ArrayList<>(around);
        all.add(length);
        return List.copyOf(all);
    }

    /** The packet in this one, if it is a tunnel that is read (RFC 2003, RFC 2473, RFC 2784). */
    private FrameContent innermost(boolean isCut) {
        boolean gre = protocol == GRE;
        if (!gre && protocol != IPV4 && protocol != IPV6) {
            return this;
        }
        int inner = gre ? greEnd() : payloadStart;
        return inner < 0 || !fragment.isWhole() || lengths.size() == MAX_LENGTHS
                ? new Broken(gre ? "encapsulated: GRE" : "encapsulated: IP in IP")
                : read(frame, inner, end, isCut, lengths);
    }

    /** Where the IP packet after a GRE header begins; -1 if it is not read. */
    private int greEnd() {
        if (payloadLength() < Integer.BYTES) {
            return -1;
        }
        int flags = unsignedShort(frame, payloadStart);
        int type = unsignedShort(frame, payloadStart + Short.BYTES);
        if ((flags & GRE_UNREAD) != 0 || (type != LinkLayer.TYPE_IPV4 && type != LinkLayer.TYPE_IPV6)) {
            return -1;
        }
        int key = (flags & GRE_KEY) == 0 ? 0 : Integer.BYTES;
        int sequence = (flags & GRE_SEQUENCE) == 0 ? 0 : Integer.BYTES;
        return payloadStart + Integer.BYTES + key + sequence;
    }

    private boolean isV4() {
        return version(frame.get(start)) == 4;
    }

    int payloadLength() {
        return end - payloadStart;
    }

    ByteBuffer payload() {
        return frame.slice(payloadStart, payloadLength());
    }

    ByteBuffer source() {
        return isV4() ? frame.slice(start + V4_SOURCE_AT, V4_ADDRESS) : frame.slice(start + V6_SOURCE_AT, V6_ADDRESS);
    }

    ByteBuffer destination() {
        return isV4()
                ? frame.slice(start + V4_SOURCE_AT + V4_ADDRESS, V4_ADDRESS)
                : frame.slice(start + V6_SOURCE_AT + V6_ADDRESS, V6_ADDRESS);
    }

    /** The most bytes that its payload can have with these headers. */
    int maxPayload() {
        int longest =
                lengths.stream().mapToInt(length -> length.value(frame)).max().orElse(0);
        return payloadLength() + LengthField.MAX - longest;
    }

    /**
     * Makes the same frame around another payload: lengths and checksums change, all else stays.
     *
     * @param payload at most {@link #maxPayload()} bytes
     * @param offset where in its datagram the payload belongs now, a multiple of eight
     */
    ByteBuffer frameWith(ByteBuffer payload, int offset) {
        int trailer = frame.limit() - end;
        ByteBuffer changed = ByteBuffer.allocate(payloadStart + payload.limit() + trailer)
                .put(frame.slice(0, payloadStart))
                .put(payload.duplicate())
                .put(frame.slice(end, trailer))
                .flip();
        if (isV4()) {
            int flags = unsignedShort(frame, start + V4_FRAGMENT_AT) & ~V4_OFFSET;
            changed.putShort(start + V4_FRAGMENT_AT, (short) (flags | offset / OFFSET_UNIT));
        } else if (fragment.headerAt() > 0) {
            int flagsAt = fragment.headerAt() + Short.BYTES;
            changed.putShort(flagsAt, (short) ((unsignedShort(frame, flagsAt) & (OFFSET_UNIT - 1)) | offset));
        }
        lengths.forEach(length -> length.grow(changed, payload.limit() - payloadLength()));
        if (trailer >= Integer.BYTES && Checksums.hasFrameCheck(frame)) {
            Checksums.putFrameCheck(changed);
        }
        return changed;
    }
}
