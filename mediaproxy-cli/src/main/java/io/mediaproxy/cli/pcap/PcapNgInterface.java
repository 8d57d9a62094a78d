package io.mediaproxy.cli.pcap;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/**
 * An interface that packets of a pcapng file were captured at.
 *
 * @param snaplen most bytes of a packet that were captured; 0 for no limit
 * @param resolution {@code if_tsresol}: a tick is 10 to the power of minus this, or with the highest bit set 2 to minus
 *     the rest
 * @param offsetSeconds {@code if_tsoffset}, to be added to each time
 */
record PcapNgInterface(int linkType, int snaplen, int resolution, long offsetSeconds) {
    static final int SNAPLEN_AT = 12;

    private static final int LINK_TYPE_AT = 8;
    private static final int OPTIONS_AT = 16;
    private static final int RESOLUTION_OPTION = 9;
    private static final int OFFSET_OPTION = 14;
    private static final int MICROSECONDS = 6;
    private static final int BINARY = 0x80;
    private static final BigInteger SECOND = BigInteger.valueOf(TimeUnit.SECONDS.toNanos(1));
    private static final BigInteger LAST = BigInteger.valueOf(Long.MAX_VALUE);

    /** Reads a description of 20 bytes or more. */
    static PcapNgInterface of(PcapNgBlock block) {
        int resolutionAt = block.option(OPTIONS_AT, RESOLUTION_OPTION, Byte.BYTES);
        int offsetAt = block.option(OPTIONS_AT, OFFSET_OPTION, Long.BYTES);
        return new PcapNgInterface(
                block.unsignedShort(LINK_TYPE_AT),
                block.getInt(SNAPLEN_AT),
                resolutionAt < 0
                        ? MICROSECONDS
                        : Byte.toUnsignedInt(block.bytes().get(resolutionAt)),
                offsetAt < 0 ? 0 : block.bytes().getLong(offsetAt));
    }

    /**
     * Nanoseconds since 1970, from 0 to {@link Long#MAX_VALUE}.
     *
     * @param ticks unsigned
     */
    long nanos(long ticks) {
        BigInteger ticksPerSecond = (resolution & BINARY) == 0
                ? BigInteger.TEN.pow(resolution)
                : BigInteger.ONE.shiftLeft(resolution & ~BINARY);
        BigInteger count =
                new BigInteger(1, ByteBuffer.allocate(Long.BYTES).putLong(ticks).array());
        return count.multiply(SECOND)
                .divide(ticksPerSecond)
                .add(BigInteger.valueOf(offsetSeconds).multiply(SECOND))
                .max(BigInteger.ZERO)
                .min(LAST)
                .longValueExact();
    }
}
