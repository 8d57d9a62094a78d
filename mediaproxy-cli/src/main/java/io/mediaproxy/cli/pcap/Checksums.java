package io.mediaproxy.cli.pcap;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;

/** Checksums of IPv4 headers, UDP and Ethernet. */
final class Checksums {
    private Checksums() {}

    /** The Internet checksum (RFC 1071). Only the last part may have an odd number of bytes. */
    static int internet(ByteBuffer... parts) {
        long sum = 0;
        for (ByteBuffer part : parts) {
            int even = part.limit() & ~1;
            for (int i = 0; i < even; i += Short.BYTES) {
                sum += Short.toUnsignedInt(part.getShort(i));
            }
            sum += even == part.limit() ? 0 : Byte.toUnsignedInt(part.get(even)) << Byte.SIZE;
        }
        while (sum > 0xffff) {
            sum = (sum & 0xffff) + (sum >>> Short.SIZE);
        }
        return (int) ~sum & 0xffff;
    }

    /**
     * Whether an Ethernet frame ends with its frame check sequence; a few captures have it. By chance one in four
     * billion does.
     */
    static boolean hasFrameCheck(ByteBuffer frame) {
        int length = frame.limit() - Integer.BYTES;
        return length > 0 && little(frame).getInt(length) == frameCheck(frame, length);
    }

    /** Writes the frame check sequence over the last four bytes of the frame. */
    static void putFrameCheck(ByteBuffer frame) {
        int length = frame.limit() - Integer.BYTES;
        little(frame).putInt(length, frameCheck(frame, length));
    }

    private static ByteBuffer little(ByteBuffer frame) {
        return frame.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    private static int frameCheck(ByteBuffer frame, int length) {
        CRC32 crc = new CRC32();
        crc.update(frame.slice(0, length));
        return (int) crc.getValue();
    }
}
