package io.mediaproxy.cli.pcap;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Builds frames byte by byte. */
final class Frames {
    static final int ETHERNET_HEADER = 14;

    private static final byte[] MACS = {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2};
    private static final int UDP = 17;

    private Frames() {}

    /** A whole IP packet, of the version of the addresses. */
    static byte[] udp(String from, int fromPort, String to, int toPort, byte[] payload) {
        return ip(from, to, datagram(from, fromPort, to, toPort, payload), 0, false);
    }

    static byte[] udp(String from, int fromPort, String to, int toPort, String payload) {
        return udp(from, fromPort, to, toPort, payload.getBytes(StandardCharsets.UTF_8));
    }

    /** IP packets with parts of so many bytes. */
    static List<byte[]> fragments(String from, int fromPort, String to, int toPort, String payload, int partLength) {
        return fragments(from, fromPort, to, toPort, payload, partLength, Integer.MAX_VALUE);
    }

    /** At most so many, of which the last one has all that is left. */
    static List<byte[]> fragments(
            String from, int fromPort, String to, int toPort, String payload, int partLength, int count) {
        byte[] datagram = datagram(from, fromPort, to, toPort, payload.getBytes(StandardCharsets.UTF_8));
        List<byte[]> packets = new ArrayList<>();
        for (int offset = 0; offset < datagram.length; offset += partLength) {
            int end = packets.size() == count - 1 ? datagram.length : Math.min(datagram.length, offset + partLength);
            packets.add(ip(from, to, Arrays.copyOfRange(datagram, offset, end), offset, end < datagram.length));
            if (end == datagram.length) {
                break;
            }
        }
        return packets;
    }

    private static byte[] datagram(String from, int fromPort, String to, int toPort, byte[] payload) {
        int length = 8 + payload.length;
        ByteBuffer udp = ByteBuffer.allocate(length)
                .putShort((short) fromPort)
                .putShort((short) toPort)
                .putShort((short) length)
                .putShort((short) 0)
                .put(payload);
        ByteBuffer pseudo = ByteBuffer.allocate(2 * address(from).length + 4 + length)
                .put(address(from))
                .put(address(to))
                .putShort((short) UDP)
                .putShort((short) length)
                .put(udp.array());
        int checksum = checksum(pseudo.array());
        return udp.putShort(6, (short) (checksum == 0 ? 0xffff : checksum)).array();
    }

    private static byte[] ip(String from, String to, byte[] payload, int offset, boolean more) {
        return address(from).length == 4
                ? ipv4(from, to, UDP, payload, offset, more)
                : ipv6(from, to, UDP, payload, offset, more);
    }

    /** A whole IP packet with another protocol in it. */
    static byte[] ip(String from, String to, int protocol, byte[] payload) {
        return address(from).length == 4
                ? ipv4(from, to, protocol, payload, 0, false)
                : ipv6(from, to, protocol, payload, 0, false);
    }

    /** IP in IP. */
    static byte[] tunnel(String from, String to, byte[] ip) {
        return ip(from, to, isV4(ip) ? 4 : 41, ip);
    }

    /**
     * GRE in IPv4.
     *
     * @param optional the fields that the flags announce
     */
    static byte[] gre(int flags, byte[] optional, byte[] ip) {
        byte[] header = ByteBuffer.allocate(4 + optional.length)
                .putShort((short) flags)
                .putShort(etherType(ip))
                .put(optional)
                .array();
        return ip("172.16.0.1", "172.16.0.2", 47, joined(header, ip));
    }

    /** Ethernet with two MPLS labels. */
    static byte[] mpls(byte[] payload) {
        byte[] header = ByteBuffer.allocate(22)
                .put(MACS)
                .putShort((short) 0x8847)
                .putInt(0x0001_0040)
                .putInt(0x0002_0140)
                .array();
        return joined(header, payload);
    }

    /** Ethernet with a PPPoE session. */
    static byte[] pppoe(byte[] ip) {
        byte[] header = ByteBuffer.allocate(22)
                .put(MACS)
                .putShort((short) 0x8864)
                .putInt(0x1100_0007)
                .putShort((short) (2 + ip.length))
                .putShort((short) (isV4(ip) ? 0x0021 : 0x0057))
                .array();
        return joined(header, ip);
    }

    private static byte[] ipv4(String from, String to, int protocol, byte[] payload, int offset, boolean more) {
        ByteBuffer header = ByteBuffer.allocate(20)
                .put((byte) 0x45)
                .put((byte) 0xb8)
                .putShort((short) (20 + payload.length))
                .putShort((short) 0x1234)
                .putShort((short) (offset / 8 | (more ? 0x2000 : 0)))
                .put((byte) 64)
                .put((byte) protocol)
                .putShort((short) 0)
                .put(address(from))
                .put(address(to));
        header.putShort(10, (short) checksum(header.array()));
        return joined(header.array(), payload);
    }

    private static byte[] ipv6(String from, String to, int protocol, byte[] payload, int offset, boolean more) {
        boolean fragment = offset > 0 || more;
        ByteBuffer header = ByteBuffer.allocate(fragment ? 48 : 40)
                .putInt(0x6b80_1234)
                .putShort((short) (payload.length + (fragment ? 8 : 0)))
                .put((byte) (fragment ? 44 : protocol))
                .put((byte) 64)
                .put(address(from))
                .put(address(to));
        if (fragment) {
            header.put((byte) protocol)
                    .put((byte) 0)
                    .putShort((short) (offset | (more ? 1 : 0)))
                    .putInt(0x12345678);
        }
        return joined(header.array(), payload);
    }

    /** @param vlanTypes of the tags before the packet, the outermost first */
    static byte[] ethernet(byte[] ip, int... vlanTypes) {
        ByteBuffer header = ByteBuffer.allocate(14 + 4 * vlanTypes.length).put(MACS);
        for (int i = 0; i < vlanTypes.length; i++) {
            header.putShort((short) vlanTypes[i]).putShort((short) (100 + i));
        }
        return joined(header.putShort(etherType(ip)).array(), ip);
    }

    static byte[] cooked(byte[] ip) {
        return joined(
                ByteBuffer.allocate(16)
                        .putShort((short) 4)
                        .putShort((short) 1)
                        .putShort((short) 6)
                        .put(MACS, 0, 6)
                        .putShort((short) 0)
                        .putShort(etherType(ip))
                        .array(),
                ip);
    }

    static byte[] cooked2(byte[] ip) {
        return joined(
                ByteBuffer.allocate(20)
                        .putShort(etherType(ip))
                        .putShort((short) 0)
                        .putInt(3)
                        .putShort((short) 1)
                        .put((byte) 4)
                        .put((byte) 6)
                        .put(MACS, 0, 6)
                        .putShort((short) 0)
                        .array(),
                ip);
    }

    static byte[] loopback(byte[] ip, ByteOrder order) {
        return joined(
                ByteBuffer.allocate(4).order(order).putInt(isV4(ip) ? 2 : 30).array(), ip);
    }

    static byte[] joined(byte[] one, byte[] other) {
        return ByteBuffer.allocate(one.length + other.length)
                .put(one)
                .put(other)
                .array();
    }

    private static short etherType(byte[] ip) {
        return (short) (isV4(ip) ? 0x0800 : 0x86dd);
    }

    private static boolean isV4(byte[] ip) {
        return ip[0] >> 4 == 4;
    }

    private static byte[] address(String literal) {
        try {
            return InetAddress.getByName(literal).getAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** As RFC 1071 says it, one's complement sum of 16 bit words. */
    private static int checksum(byte[] bytes) {
        int sum = 0;
        for (int i = 0; i < bytes.length; i += 2) {
            sum += (bytes[i] & 0xff) << 8 | (i + 1 < bytes.length ? bytes[i + 1] & 0xff : 0);
            sum = (sum & 0xffff) + (sum >> 16);
        }
        return ~sum & 0xffff;
    }
}
