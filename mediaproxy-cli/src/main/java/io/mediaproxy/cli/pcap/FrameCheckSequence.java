package io.mediaproxy.cli.pcap;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;

/** The checksum at the end of an Ethernet frame, which a few captures have. */
final class FrameCheckSequence {
    private FrameCheckSequence() {}

    /** Whether the frame ends with its own; by chance that is so once in four billion. */
    static boolean ends(byte[] frame) {
        int length = frame.length - Integer.BYTES;
        return length > 0 && little(frame).getInt(length) == of(frame, length);
    }

    /** Puts it at the end of the frame, in the place of another one. */
    static void put(byte[] frame) {
        int length = frame.length - Integer.BYTES;
        little(frame).putInt(length, of(frame, length));
    }

    private static ByteBuffer little(byte[] frame) {
        return ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static int of(byte[] frame, int length) {
        CRC32 crc = new CRC32();
        crc.update(frame, 0, length);
        return (int) crc.getValue();
    }
}
