package io.mediaproxy.cli.pcap;

import io.mediaproxy.cli.pcap.FrameContent.Broken;
import io.mediaproxy.cli.pcap.FrameContent.Foreign;
import java.nio.ByteBuffer;
import java.util.List;

/** Finds the IP packet in a captured frame, by the link types of tcpdump.org, after VLAN tags, MPLS labels and PPPoE. */
final class LinkLayer {
    private static final int NULL = 0;
    private static final int ETHERNET = 1;
    private static final int RAW_OF_BSD = 12;
    private static final int RAW_OF_OPENBSD = 14;
    private static final int RAW = 101;
    private static final int LOOP = 108;
    private static final int LINUX_SLL = 113;
    private static final int IPV4 = 228;
    private static final int IPV6 = 229;
    private static final int LINUX_SLL2 = 276;

    private static final int ETHERNET_TYPE_AT = 12;
    private static final int SLL_TYPE_AT = 14;
    private static final int SLL2_TYPE_AT = 0;
    private static final int SLL2_HEADER = 20;
    private static final int FAMILY = 4;

    static final int TYPE_IPV4 = 0x0800;
    static final int TYPE_IPV6 = 0x86dd;
    private static final int TYPE_VLAN = 0x8100;
    private static final int TYPE_SERVICE_VLAN = 0x88a8;
    private static final int TYPE_OLD_SERVICE_VLAN = 0x9100;
    private static final int TYPE_MPLS = 0x8847;
    private static final int TYPE_MPLS_MULTICAST = 0x8848;
    private static final int TYPE_PPPOE = 0x8864;

    private static final int VLAN_TAG = 4;
    private static final int MPLS_LABEL = 4;
    private static final int BOTTOM_OF_STACK = 0x100;
    private static final int PPPOE_LENGTH_AT = 4;
    private static final int PPPOE_HEADER = 6;
    private static final int PPP_IPV4 = 0x0021;
    private static final int PPP_IPV6 = 0x0057;

    private static final int AF_INET = 2;
    private static final int MAX_FAMILY = 255;

    private static final Broken TOO_SHORT = new Broken("a frame is shorter than its header");

    private LinkLayer() {}

    /** Reads a frame. @param isCut whether less of it was captured than was sent */
    static FrameContent read(int linkType, ByteBuffer frame, boolean isCut) {
        return switch (linkType) {
            case ETHERNET -> byType(frame, ETHERNET_TYPE_AT, ETHERNET_TYPE_AT + Short.BYTES, isCut);
            case LINUX_SLL -> byType(frame, SLL_TYPE_AT, SLL_TYPE_AT + Short.BYTES, isCut);
            case LINUX_SLL2 -> byType(frame, SLL2_TYPE_AT, SLL2_HEADER, isCut);
            case NULL, LOOP -> byFamily(frame, isCut);
            case RAW, RAW_OF_BSD, RAW_OF_OPENBSD, IPV4, IPV6 -> ip(frame, 0, isCut);
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
                case TYPE_VLAN, TYPE_SERVICE_VLAN, TYPE_OLD_SERVICE_VLAN -> {
                    typeAt = next + Short.BYTES;
                    next += VLAN_TAG;
                }
                case TYPE_MPLS, TYPE_MPLS_MULTICAST -> {
                    return mpls(frame, next, isCut);
                }
                case TYPE_PPPOE -> {
                    return pppoe(frame, next, isCut);
                }
                default -> {
                    return new Foreign();
                }
            }
        }
        return TOO_SHORT;
    }

    /** RFC 3032. The labels do not say what follows; a first byte with an IP version is IP, other bytes are a pseudowire. */
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
            case PPP_IPV4, PPP_IPV6 -> IpPacket.read(frame, next, Math.min(end, frame.limit()), isCut, List.of(length));
            default -> new Foreign();
        };
    }

    /** By the address family of the machine that captured, in its byte order; for IPv6 each system has its own number. */
    private static FrameContent byFamily(ByteBuffer frame, boolean isCut) {
        if (frame.limit() < FAMILY) {
            return TOO_SHORT;
        }
        int family = frame.getInt(0);
        if (Integer.compareUnsigned(family, MAX_FAMILY) > 0) {
            family = Integer.reverseBytes(family);
        }
        return switch (family) {
            case AF_INET, 10, 24, 28, 30 -> ip(frame, FAMILY, isCut); // Linux, NetBSD and OpenBSD, FreeBSD, macOS
            default -> new Foreign();
        };
    }
}
