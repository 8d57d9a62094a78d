package io.mediaproxy.cli.pcap;

/** The checksum of IPv4 headers and UDP (RFC 1071). */
final class InternetChecksum {
    private long sum;

    /** Of an odd number of bytes only the last part added may be. */
    InternetChecksum add(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i += 2) {
            int low = i + 1 < to ? Byte.toUnsignedInt(bytes[i + 1]) : 0;
            sum += Byte.toUnsignedInt(bytes[i]) << Byte.SIZE | low;
        }
        return this;
    }

    InternetChecksum add(int number) {
        sum += number;
        return this;
    }

    int value() {
        long folded = sum;
        while (folded > 0xffff) {
            folded = (folded & 0xffff) + (folded >>> Short.SIZE);
        }
        return (int) ~folded & 0xffff;
    }
}
