package io.mediaproxy.cli.pcap;

import java.nio.ByteBuffer;

/**
 * A field of 16 bits with a length that includes the payload of an IP packet: in the packet's header or in one around
 * it.
 *
 * @param at where it is in the frame
 * @param headerStart start of the IPv4 header whose checksum includes the field; equal to the end if there is none
 */
record LengthField(int at, int headerStart, int headerEnd) {
    static final int MAX = 0xffff;

    private static final int CHECKSUM_AT = 10;

    static LengthField of(int at) {
        return new LengthField(at, 0, 0);
    }

    int value(ByteBuffer frame) {
        return Short.toUnsignedInt(frame.getShort(at));
    }

    /** Adds to the length and corrects the checksum. */
    void grow(ByteBuffer frame, int by) {
        frame.putShort(at, (short) (value(frame) + by));
        if (headerEnd > headerStart) {
            frame.putShort(headerStart + CHECKSUM_AT, (short) 0);
            int checksum = Checksums.internet(frame.slice(headerStart, headerEnd - headerStart));
            frame.putShort(headerStart + CHECKSUM_AT, (short) checksum);
        }
    }
}
