package io.mediaproxy.cli.pcap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads the format of libpcap (draft-ietf-opsawg-pcap), in both byte orders, with micro- and nanoseconds.
 *
 * <pre>
 * header   magic:4 major:2 minor:2 reserved:8 snaplen:4 linktype:4
 * packet   seconds:4 fraction:4 captured:4 original:4, then the captured bytes
 * </pre>
 */
final class PcapReader implements CaptureReader {
    private static final int MICROSECONDS = 0xa1b2c3d4;
    private static final int NANOSECONDS = 0xa1b23c4d;

    private static final int HEADER = 24;
    private static final int MAJOR_VERSION = 2;
    private static final int SNAPLEN_AT = 16;
    private static final int LINK_TYPE_AT = 20;
    /** Above it stand the length of a frame check sequence, and reserved bits. */
    private static final int LINK_TYPE_MASK = 0xffff;

    private static final int RECORD_HEADER = 16;
    private static final int CAPTURED_AT = 8;
    private static final int ORIGINAL_AT = 12;

    private final CaptureInput in;
    private final ByteOrder order;
    private final long nanosPerFraction;
    private final int linkType;
    private byte @Nullable [] unreadHeader;

    private PcapReader(CaptureInput in, byte[] bytes, ByteOrder order, long nanosPerFraction) {
        this.in = in;
        ByteBuffer header = ByteBuffer.wrap(bytes).order(order);
        this.order = order;
        this.nanosPerFraction = nanosPerFraction;
        this.linkType = header.getInt(LINK_TYPE_AT) & LINK_TYPE_MASK;
        // Readers cut what is longer, and a rewritten message may be.
        if (Integer.compareUnsigned(header.getInt(SNAPLEN_AT), LARGEST_PACKET) < 0) {
            header.putInt(SNAPLEN_AT, LARGEST_PACKET);
        }
        this.unreadHeader = bytes;
    }

    static PcapReader open(CaptureInput in, byte[] magic, int number) throws IOException, CaptureException {
        ByteOrder order = ByteOrder.BIG_ENDIAN;
        int bigEndian = number;
        if (bigEndian != MICROSECONDS && bigEndian != NANOSECONDS) {
            order = ByteOrder.LITTLE_ENDIAN;
            bigEndian = Integer.reverseBytes(number);
        }
        if (bigEndian != MICROSECONDS && bigEndian != NANOSECONDS) {
            throw new CaptureException(
                    "it is no capture file: neither pcap nor pcapng begins with 0x" + Integer.toHexString(number));
        }
        byte[] rest = in.read(HEADER - magic.length);
        if (rest.length < HEADER - magic.length) {
            throw new CaptureException("it is no capture file: it ends within the header of a pcap file");
        }
        byte[] header = ByteBuffer.allocate(HEADER).put(magic).put(rest).array();
        int major = Short.toUnsignedInt(ByteBuffer.wrap(header).order(order).getShort(magic.length));
        if (major != MAJOR_VERSION) {
            throw new CaptureException("it is a pcap file of version " + major + ", only version 2 is read");
        }
        long nanosPerFraction = bigEndian == NANOSECONDS ? 1 : TimeUnit.MICROSECONDS.toNanos(1);
        return new PcapReader(in, header, order, nanosPerFraction);
    }

    @Override
    public @Nullable CaptureRecord next() throws IOException, DamagedCaptureException {
        if (unreadHeader != null) {
            byte[] header = unreadHeader;
            unreadHeader = null;
            return CaptureRecord.withoutPacket(header);
        }
        long start = in.position();
        byte[] header = in.read(RECORD_HEADER);
        if (header.length == 0) {
            return null;
        }
        if (header.length < RECORD_HEADER) {
            throw new DamagedCaptureException("it ends in the middle of a packet's header", start);
        }
        ByteBuffer fields = ByteBuffer.wrap(header).order(order);
        long captured = Integer.toUnsignedLong(fields.getInt(CAPTURED_AT));
        if (captured > LARGEST_PACKET) {
            throw new DamagedCaptureException(
                    "a packet of " + captured + " bytes cannot be, the limit is " + LARGEST_PACKET, start);
        }
        byte[] frame = in.read((int) captured);
        if (frame.length < captured) {
            throw new DamagedCaptureException("it ends in the middle of a packet", start);
        }
        return record(header, fields, frame);
    }

    private CaptureRecord record(byte[] header, ByteBuffer fields, byte[] frame) {
        long nanos = TimeUnit.SECONDS.toNanos(Integer.toUnsignedLong(fields.getInt(0)))
                + Integer.toUnsignedLong(fields.getInt(Integer.BYTES)) * nanosPerFraction;
        boolean isCut = Integer.toUnsignedLong(fields.getInt(ORIGINAL_AT)) > frame.length;
        byte[] bytes = ByteBuffer.allocate(RECORD_HEADER + frame.length)
                .put(header)
                .put(frame)
                .array();
        return new CaptureRecord(
                bytes,
                new CaptureRecord.CapturedPacket(
                        linkType, nanos, RECORD_HEADER, bytes.length, isCut, other -> framed(header, other)));
    }

    private byte[] framed(byte[] header, byte[] frame) {
        return ByteBuffer.allocate(RECORD_HEADER + frame.length)
                .order(order)
                .put(header)
                .putInt(CAPTURED_AT, frame.length)
                .putInt(ORIGINAL_AT, frame.length)
                .put(frame)
                .array();
    }

    @Override
    public long position() {
        return in.position();
    }
}
