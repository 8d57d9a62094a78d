package io.mediaproxy.cli.pcap;

import io.mediaproxy.cli.pcap.CaptureRecord.CapturedPacket;
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
    private static final int MAJOR_VERSION_AT = 4;
    private static final int MAJOR_VERSION = 2;
    private static final int SNAPLEN_AT = 16;
    private static final int LINK_TYPE_AT = 20;
    /** The higher bits have the length of a frame check sequence. */
    private static final int LINK_TYPE_MASK = 0xffff;

    private static final int RECORD_HEADER = 16;
    private static final int CAPTURED_AT = 8;
    private static final int ORIGINAL_AT = 12;

    private final CaptureInput in;
    private final ByteBuffer header;
    private final long nanosPerFraction;

    private PcapReader(CaptureInput in, ByteBuffer header) {
        this.in = in;
        this.header = header;
        this.nanosPerFraction = header.getInt(0) == NANOSECONDS ? 1 : TimeUnit.MICROSECONDS.toNanos(1);
        // Readers cut what is longer, and a rewritten message may be.
        if (Integer.compareUnsigned(header.getInt(SNAPLEN_AT), MAX_PACKET) < 0) {
            header.putInt(SNAPLEN_AT, MAX_PACKET);
        }
    }

    /** @param magic the first four bytes */
    static PcapReader open(CaptureInput in, byte[] magic) throws IOException, CaptureException {
        int number = ByteBuffer.wrap(magic).getInt();
        boolean big = isMagic(number);
        if (!big && !isMagic(Integer.reverseBytes(number))) {
            throw new CaptureException(
                    "it is no capture file: neither pcap nor pcapng begins with 0x" + Integer.toHexString(number));
        }
        byte[] rest = in.read(HEADER - magic.length);
        if (rest.length < HEADER - magic.length) {
            throw new CaptureException("it is no capture file: it ends within the header of a pcap file");
        }
        ByteBuffer header = ByteBuffer.allocate(HEADER)
                .order(big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN)
                .put(magic)
                .put(rest)
                .flip();
        int major = Short.toUnsignedInt(header.getShort(MAJOR_VERSION_AT));
        if (major != MAJOR_VERSION) {
            throw new CaptureException("it is a pcap file of version " + major + ", only version 2 is read");
        }
        return new PcapReader(in, header);
    }

    private static boolean isMagic(int number) {
        return number == MICROSECONDS || number == NANOSECONDS;
    }

    @Override
    public CaptureRecord header() {
        return CaptureRecord.withoutPacket(header);
    }

    @Override
    public @Nullable CaptureRecord next() throws IOException, CaptureException {
        long start = in.position();
        byte[] head = in.read(RECORD_HEADER);
        if (head.length == 0) {
            return null;
        }
        if (head.length < RECORD_HEADER) {
            throw new CaptureException("it ends in the middle of a packet's header", start);
        }
        ByteBuffer fields = ByteBuffer.wrap(head).order(header.order());
        long captured = Integer.toUnsignedLong(fields.getInt(CAPTURED_AT));
        if (captured > MAX_PACKET) {
            throw new CaptureException(
                    "a packet of " + captured + " bytes is not possible, the limit is " + MAX_PACKET, start);
        }
        byte[] frame = in.readFully((int) captured, "a packet", start);
        long nanos = TimeUnit.SECONDS.toNanos(Integer.toUnsignedLong(fields.getInt(0)))
                + Integer.toUnsignedLong(fields.getInt(Integer.BYTES)) * nanosPerFraction;
        boolean isCut = Integer.toUnsignedLong(fields.getInt(ORIGINAL_AT)) > captured;
        ByteBuffer bytes = record(fields, ByteBuffer.wrap(frame));
        return CaptureRecord.withPacket(
                bytes,
                new CapturedPacket(
                        header.getInt(LINK_TYPE_AT) & LINK_TYPE_MASK,
                        nanos,
                        bytes.slice(RECORD_HEADER, frame.length),
                        isCut,
                        other -> framed(fields, other)));
    }

    private static ByteBuffer framed(ByteBuffer head, ByteBuffer frame) {
        return record(head, frame).putInt(CAPTURED_AT, frame.limit()).putInt(ORIGINAL_AT, frame.limit());
    }

    private static ByteBuffer record(ByteBuffer head, ByteBuffer frame) {
        return ByteBuffer.allocate(RECORD_HEADER + frame.limit())
                .order(head.order())
                .put(head.duplicate())
                .put(frame.duplicate())
                .flip();
    }
}
