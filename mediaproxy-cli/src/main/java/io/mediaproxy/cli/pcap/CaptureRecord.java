package io.mediaproxy.cli.pcap;

import org.jspecify.annotations.Nullable;

/**
 * One record of a capture file as it stands there, with a packet in it or not.
 *
 * @param bytes all of it; nobody writes into them any more
 * @param packet null: it describes something else
 * @param problem null: it can be used; else why there is no packet in it although there should be
 */
record CaptureRecord(
        byte[] bytes,
        @Nullable CapturedPacket packet,
        @Nullable String problem) {
    static CaptureRecord withoutPacket(byte[] bytes) {
        return new CaptureRecord(bytes, null, null);
    }

    static CaptureRecord broken(byte[] bytes, String problem) {
        return new CaptureRecord(bytes, null, problem);
    }

    /**
     * A packet within its record.
     *
     * @param linkType as the registry of tcpdump.org numbers them
     * @param nanos since 1970; {@link Long#MAX_VALUE} where that is not enough
     * @param start its first byte in the record
     * @param end behind its last byte in the record
     * @param isCut whether less of it was captured than there was
     * @param framing makes a record of another frame
     */
    record CapturedPacket(int linkType, long nanos, int start, int end, boolean isCut, Framing framing) {}

    /** Puts a frame into a record of the same format, with the time and all else that was said of the packet. */
    @FunctionalInterface
    interface Framing {
        byte[] frame(byte[] frame);
    }
}
