package io.mediaproxy.cli.pcap;

import java.nio.ByteBuffer;

/** Finds the IP packet in a captured frame, by the link types of tcpdump.org. */
final class LinkLayer {
    /** The frame holds something else than IP. */
    static final int NOT_IP = -1;

    /** The frame is too short for its own header. */
    static final int TOO_SHORT = -2;

    /** Nothing is known of frames of this type. */
    static final int UNKNOWN = -3;

    static final int ETHERNET = 1;
    static final int NULL = 0;
    static final int LOOP = 108;
    static final int RAW = 101;
    static final int LINUX_SLL = 113;
    static final int IPV4 = 228;
    static final int IPV6 = 229;
    static final int LINUX_SLL2 = 276;
    /** As BSD numbered it. */
    private static final int RAW_12 = 12;

    private static final int RAW_14 = 14;

    private static final int ETHERNET_ADDRESSES = 12;
    private static final int SLL_TYPE_AT = 14;
    private static final int SLL2_HEADER = 20;
    private static final int FAMILY = 4;

    private static final int TYPE_IPV4 = 0x0800;
    private static final int TYPE_IPV6 = 0x86dd;
    private static final int TYPE_VLAN = 0x8100;
    private static final int TYPE_SERVICE_VLAN = 0x88a8;
    private static final int TYPE_OLD_SERVICE_VLAN = 0x9100;
    private static final int VLAN_TAG = 4;

    private static final int AF_INET = 2;
    private static final int LARGEST_FAMILY = 255;

    private LinkLayer() {}

    /**
     * The first byte of the IP packet, or one of the negative constants.
     *
     * @param start of the frame
     * @param end of the frame
     */
    static int findIp(int linkType, byte[] bytes, int start, int end) {
        ByteBuffer frame = ByteBuffer.wrap(bytes, 0, end);
        return switch (linkType) {
            case ETHERNET -> byType(frame, start + ETHERNET_ADDRESSES, start + ETHERNET_ADDRESSES + Short.BYTES);
            case LINUX_SLL -> byType(frame, start + SLL_TYPE_AT, start + SLL_TYPE_AT + Short.BYTES);
            case LINUX_SLL2 -> byType(frame, start, start + SLL2_HEADER);
            case NULL, LOOP -> byFamily(frame, start);
            case RAW, RAW_12, RAW_14, IPV4, IPV6 -> start;
            default -> UNKNOWN;
        };
    }

    /** By an Ethernet type, behind as many VLAN tags as there are. */
    private static int byType(ByteBuffer frame, int firstTypeAt, int behindHeader) {
        int typeAt = firstTypeAt;
        int next = behindHeader;
        while (next <= frame.limit()) {
            switch (Short.toUnsignedInt(frame.getShort(typeAt))) {
                case TYPE_IPV4, TYPE_IPV6 -> {
                    return next;
                }
                case TYPE_VLAN, TYPE_SERVICE_VLAN, TYPE_OLD_SERVICE_VLAN -> {
                    typeAt = next + Short.BYTES;
                    next += VLAN_TAG;
                }
                default -> {
                    return NOT_IP;
                }
            }
        }
        return TOO_SHORT;
    }

    /** By the address family of the machine that captured, in its byte order; for IPv6 each system has its own number. */
    private static int byFamily(ByteBuffer frame, int start) {
        if (frame.limit() - start < FAMILY) {
            return TOO_SHORT;
        }
        int family = frame.getInt(start);
        if (Integer.compareUnsigned(family, LARGEST_FAMILY) > 0) {
            family = Integer.reverseBytes(family);
        }
        return switch (family) {
            case AF_INET, 10, 24, 28, 30 -> start + FAMILY; // Linux, NetBSD and OpenBSD, FreeBSD, macOS
            default -> NOT_IP;
        };
    }
}
