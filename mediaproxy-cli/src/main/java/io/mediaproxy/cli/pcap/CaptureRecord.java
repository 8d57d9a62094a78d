package io.mediaproxy.cli.pcap;

import org.jspecify.annotations.Nullable;

/** One record of a capture file as it stands there, with a packet in it or not. */
final class CaptureRecord {
    private final byte[] bytes;
    private final @Nullable CapturedPacket packet;
    private final @Nullable String problem;

    /** @param bytes all of it; nobody writes into them any more */
    CaptureRecord(byte[] bytes, CapturedPacket packet) {
        this(bytes, packet, null);
    }

    private CaptureRecord(byte[] bytes, @Nullable CapturedPacket packet, @Nullable String problem) {
        this.bytes = bytes;
        this.packet = packet;
        this.problem = problem;
    }

    static CaptureRecord withoutPacket(byte[] bytes) {
        return new CaptureRecord(bytes, null, null);
    }

    static CaptureRecord broken(byte[] bytes, String problem) {
        return new CaptureRecord(bytes, null, problem);
    }

    byte[] bytes() {
        return bytes;
    }

    /** Null: there is none in it. */
    @Nullable CapturedPacket packet() {
        return packet;
    }

    /** Null: there is none; else why there is no packet in it although there should be. */
    @Nullable String problem() {
        return problem;
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
