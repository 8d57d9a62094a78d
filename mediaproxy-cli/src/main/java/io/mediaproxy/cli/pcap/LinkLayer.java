package io.mediaproxy.cli.pcap;

import io.mediaproxy.cli.pcap.FrameContent.Broken;
import io.mediaproxy.cli.pcap.FrameContent.Foreign;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Finds the IP packet in a captured frame, by the link types of tcpdump.org, after VLAN tags, MPLS labels and PPPoE.
 */
final class LinkLayer {
    private static final int ETHERNET_TYPE_AT = 12;
    private static final int SLL_TYPE_AT = 14;
    private static final int SLL2_TYPE_AT = 0;
    private static final int SLL2_HEADER = 20;
    private static final int FAMILY = 4;

    static final int TYPE_IPV4 = 0x0800;
    static final int TYPE_IPV6 = 0x86dd;
    private static final int VLAN_TAG = 4;
    private static final int MPLS_LABEL = 4;
    private static final int BOTTOM_OF_STACK = 0x100;
    private static final int PPPOE_LENGTH_AT = 4;
    private static final int PPPOE_HEADER = 6;
    private static final Broken TOO_SHORT = new Broken("a frame is shorter than its header");

    private LinkLayer() {}

    /**
     * Reads a frame.
     *
     * @param isCut whether less of it was captured than was sent
     */
    static FrameContent read(int linkType, ByteBuffer frame, boolean isCut) {
        return switch (linkType) {
            case 1 -> byType(frame, ETHERNET_TYPE_AT, ETHERNET_TYPE_AT + Short.BYTES, isCut);
            case 113 -> byType(frame, SLL_TYPE_AT, SLL_TYPE_AT + Short.BYTES, isCut); // Linux cooked
            case 276 -> byType(frame, SLL2_TYPE_AT, SLL2_HEADER, isCut); // Linux cooked, version 2
            case 0, 108 -> byFamily(frame, isCut); // loopback
            case 101, 12, 14, 228, 229 -> ip(frame, 0, isCut); // raw: the registry, FreeBSD, OpenBSD, IPv4, IPv6
            default -> new Broken("the link type is not one that is read");
        };
    }

    private static FrameContent ip(ByteBuffer frame, int start, boolean isCut) {
        return IpPacket.read(frame, start, frame.limit(), isCut, List.of());
    }

    /** By an Ethernet type, after any number of VLAN tags. */
    private static FrameContent byType(ByteBuffer frame, int firstTypeAt, int headerEnd, boolean isCut) {
        int typeAt = firstTypeAt;
        int next = headerEnd;
        while (next <= frame.limit()) {
            switch (Short.toUnsignedInt(frame.getShort(typeAt))) {
                case TYPE_IPV4, TYPE_IPV6 -> {
                    return ip(frame, next, isCut);
                }
                case 0x8100, 0x88a8, 0x9100 -> { // VLAN, service VLAN, and how that was numbered before
                    typeAt = next + Short.BYTES;
                    next += VLAN_TAG;
                }
                case 0x8847, 0x8848 -> {
                    return mpls(frame, next, isCut);
                }
                case 0x8864 -> {
                    return pppoe(frame, next, isCut);
                }
                default -> {
                    return new Foreign();
                }
            }
        }
        return TOO_SHORT;
    }

    /**
     * RFC 3032. The labels do not say what follows; a first byte with an IP version is IP, other bytes are a
     * pseudowire.
     */
    private static FrameContent mpls(ByteBuffer frame, int start, boolean isCut) {
        for (int at = start; at + MPLS_LABEL < frame.limit(); at += MPLS_LABEL) {
            if ((frame.getInt(at) & BOTTOM_OF_STACK) != 0) {
                int next = at + MPLS_LABEL;
                return IpPacket.isVersion(frame.get(next)) ? ip(frame, next, isCut) : new Broken("encapsulated: MPLS");
            }
        }
        return TOO_SHORT;
    }

    /** RFC 2516, of a session. */
    private static FrameContent pppoe(ByteBuffer frame, int start, boolean isCut) {
        int next = start + PPPOE_HEADER + Short.BYTES;
        if (next > frame.limit()) {
            return TOO_SHORT;
        }
        LengthField length = LengthField.of(start + PPPOE_LENGTH_AT);
        int end = start + PPPOE_HEADER + length.value(frame);
        return switch (Short.toUnsignedInt(frame.getShort(start + PPPOE_HEADER))) {
            case 0x0021, 0x0057 -> IpPacket.read(frame, next, Math.min(end, frame.limit()), isCut, List.of(length));
            default -> new Foreign();
        };
    }

    /**
     * By the address family of the machine that captured, in its byte order; for IPv6 each system has its own number.
     */
    private static FrameContent byFamily(ByteBuffer frame, boolean isCut) {
        if (frame.limit() < FAMILY) {
            return TOO_SHORT;
        }
        int family = frame.getInt(0);
        if (Integer.compareUnsigned(family, 0xff) > 0) {
            family = Integer.reverseBytes(family);
        }
        return switch (family) {
            case 2, 10, 24, 28, 30 -> ip(frame, FAMILY, isCut); // IPv4; Linux, NetBSD and OpenBSD, FreeBSD, macOS
            default -> new Foreign();
        };
    }
}
