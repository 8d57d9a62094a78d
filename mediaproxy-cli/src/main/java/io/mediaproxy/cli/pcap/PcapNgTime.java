package io.mediaproxy.cli.pcap;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/**
 * How an interface counts time.
 *
 * @param resolution {@code if_tsresol}: a tick is 10 to the minus that, or with the highest bit set 2 to the minus the rest
 * @param offsetSeconds {@code if_tsoffset}: what is to be added
 */
record PcapNgTime(int resolution, long offsetSeconds) {
    private static final int RESOLUTION_OPTION = 9;
    private static final int OFFSET_OPTION = 14;
    private static final int MICROSECONDS = 6;
    private static final int BINARY = 0x80;
    private static final BigInteger SECOND = BigInteger.valueOf(TimeUnit.SECONDS.toNanos(1));
    private static final BigInteger LAST = BigInteger.valueOf(Long.MAX_VALUE);

    static PcapNgTime of(PcapNgOptions options) {
        return new PcapNgTime(options.unsignedByte(RESOLUTION_OPTION, MICROSECONDS), options.getLong(OFFSET_OPTION, 0));
    }

    /**
     * Since 1970; from 0 to {@link Long#MAX_VALUE}, whatever the file says.
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
