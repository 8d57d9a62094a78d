package io.mediaproxy.cli.pcap;

import java.nio.ByteBuffer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One record of a capture file.
 *
 * @param bytes the whole record as it is in the file, from index 0 to the limit; not to be changed
 * @param packet null if there is none
 * @param problem why there is no packet although there should be; null if that is not so
 */
record CaptureRecord(
        ByteBuffer bytes,
        @Nullable CapturedPacket packet,
        @Nullable String problem) {
    static CaptureRecord withPacket(ByteBuffer bytes, CapturedPacket packet) {
        return new CaptureRecord(bytes, packet, null);
    }

    static CaptureRecord withoutPacket(ByteBuffer bytes) {
        return new CaptureRecord(bytes, null, null);
    }

    static CaptureRecord broken(ByteBuffer bytes, String problem) {
        return new CaptureRecord(bytes, null, problem);
    }

    /**
     * A packet within its record.
     *
     * @param linkType number in the registry of tcpdump.org
     * @param nanos since 1970, at most {@link Long#MAX_VALUE}
     * @param frame its bytes, from index 0 to the limit; not to be changed
     * @param isCut whether less of it was captured than was sent
     * @param framing makes a record of another frame, with the same time and other data
     */
    record CapturedPacket(
            int linkType, long nanos, ByteBuffer frame, boolean isCut, UnaryOperator<ByteBuffer> framing) {}
}
