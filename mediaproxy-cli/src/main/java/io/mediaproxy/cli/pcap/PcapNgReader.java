package io.mediaproxy.cli.pcap;

import io.mediaproxy.cli.pcap.CaptureRecord.CapturedPacket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads pcapng (draft-ietf-opsawg-pcapng) with any number of sections and interfaces.
 *
 * <pre>
 * block                type:4 length:4 body length:4
 * section header       magic:4 major:2 minor:2 section length:8 options
 * interface            linktype:2 reserved:2 snaplen:4 options
 * enhanced packet      interface:4 time:8 captured:4 original:4 packet, padded, options
 * packet (obsolete)    interface:2 drops:2 time:8 captured:4 original:4 packet, padded, options
 * simple packet        original:4 packet, padded; of the first interface, without a time
 * </pre>
 */
final class PcapNgReader implements CaptureReader {
    /** The same in both byte orders. */
    static final int SECTION_HEADER = 0x0a0d0d0a;

    private static final int INTERFACE = 1;
    private static final int PACKET = 2;
    private static final int SIMPLE_PACKET = 3;
    private static final int ENHANCED_PACKET = 6;

    private static final int BYTE_ORDER_MAGIC = 0x1a2b3c4d;
    private static final int MAJOR_VERSION = 1;

    /** What Wireshark takes, too. */
    private static final int LARGEST_BLOCK = 16 * 1024 * 1024;

    private static final int MAX_INTERFACES = 1024;

    /** Type and length, and the length again at the end. */
    private static final int BLOCK_HEAD = 8;

    private static final int BLOCK_FRAME = 12;
    private static final int SECTION_LENGTH_AT = 16;
    private static final int SMALLEST_SECTION_HEADER = 28;
    private static final int SNAPLEN_AT = 12;
    private static final int SMALLEST_INTERFACE = 20;
    private static final int TIME_AT = 12;
    private static final int CAPTURED_AT = 20;
    private static final int PACKET_AT = 28;
    private static final int SIMPLE_PACKET_AT = 12;

    private record Interface(int linkType, int snaplen, PcapNgTime time) {}

    private final CaptureInput in;
    private final List<Interface> interfaces = new ArrayList<>();
    private ByteOrder order = ByteOrder.BIG_ENDIAN;
    /** For packets that have none. */
    private long lastNanos;

    private @Nullable CaptureRecord unreadHeader;

    private PcapNgReader(CaptureInput in) {
        this.in = in;
    }

    /** @param magic the four bytes that were read */
    static PcapNgReader open(CaptureInput in, byte[] magic) throws IOException, CaptureException {
        PcapNgReader reader = new PcapNgReader(in);
        try {
            reader.unreadHeader = reader.block(magic, 0);
        } catch (DamagedCaptureException e) {
            throw new CaptureException("it is no capture file: in the header of a pcapng file, " + e.getMessage());
        }
        return reader;
    }

    @Override
    public @Nullable CaptureRecord next() throws IOException, DamagedCaptureException {
        if (unreadHeader != null) {
            CaptureRecord header = unreadHeader;
            unreadHeader = null;
            return header;
        }
        long start = in.position();
        byte[] type = in.read(MAGIC_LENGTH);
        return type.length == 0 ? null : block(type, start);
    }

    private CaptureRecord block(byte[] type, long start) throws IOException, DamagedCaptureException {
        boolean newSection =
                type.length == Integer.BYTES && ByteBuffer.wrap(type).getInt() == SECTION_HEADER;
        byte[] head = in.read(newSection ? 2 * Integer.BYTES : Integer.BYTES); // the magic says how to read the length
        if (type.length + head.length < (newSection ? BLOCK_FRAME : BLOCK_HEAD)) {
            throw new DamagedCaptureException("it ends in the middle of a block's header", start);
        }
        if (newSection) {
            beginSection(ByteBuffer.wrap(head).getInt(Integer.BYTES), start);
        }
        int length = ByteBuffer.wrap(head).order(order).getInt();
        int smallest = newSection ? SMALLEST_SECTION_HEADER : BLOCK_FRAME;
        if (length < smallest || length > LARGEST_BLOCK || length % Integer.BYTES != 0) {
            throw new DamagedCaptureException(
                    "a block of " + Integer.toUnsignedString(length) + " bytes cannot be, the limit is "
                            + LARGEST_BLOCK,
                    start);
        }
        int left = length - type.length - head.length;
        byte[] rest = in.read(left);
        if (rest.length < left) {
            throw new DamagedCaptureException("it ends in the middle of a block", start);
        }
        PcapNgBlock block = new PcapNgBlock(
                ByteBuffer.allocate(length).put(type).put(head).put(rest).array(), order);
        if (block.getInt(length - Integer.BYTES) != length) {
            throw new DamagedCaptureException("a block says two lengths", start);
        }
        return record(block, start);
    }

    private void beginSection(int magic, long start) throws DamagedCaptureException {
        if (magic == BYTE_ORDER_MAGIC) {
            order = ByteOrder.BIG_ENDIAN;
        } else if (Integer.reverseBytes(magic) == BYTE_ORDER_MAGIC) {
            order = ByteOrder.LITTLE_ENDIAN;
        } else {
            throw new DamagedCaptureException("a section does not say its byte order", start);
        }
        interfaces.clear();
    }

    private CaptureRecord record(PcapNgBlock block, long start) throws DamagedCaptureException {
        return switch (block.getInt(0)) {
            case SECTION_HEADER -> section(block, start);
            case INTERFACE -> describedInterface(block, start);
            case ENHANCED_PACKET -> packet(block, false);
            case PACKET -> packet(block, true);
            case SIMPLE_PACKET -> simplePacket(block);
            default -> CaptureRecord.withoutPacket(block.bytes());
        };
    }

    private static CaptureRecord section(PcapNgBlock block, long start) throws DamagedCaptureException {
        int major = block.unsignedShort(BLOCK_FRAME);
        if (major != MAJOR_VERSION) {
            throw new DamagedCaptureException("a section is of version " + major + ", only version 1 is read", start);
        }
        block.putLong(SECTION_LENGTH_AT, -1); // not specified: a rewritten message changes it
        return CaptureRecord.withoutPacket(block.bytes());
    }

    private CaptureRecord describedInterface(PcapNgBlock block, long start) throws DamagedCaptureException {
        if (block.length() < SMALLEST_INTERFACE || interfaces.size() == MAX_INTERFACES) {
            throw new DamagedCaptureException(
                    block.length() < SMALLEST_INTERFACE
                            ? "an interface is not described"
                            : "a section has more than " + MAX_INTERFACES + " interfaces",
                    start);
        }
        int snaplen = block.getInt(SNAPLEN_AT);
        interfaces.add(new Interface(
                block.unsignedShort(BLOCK_HEAD),
                snaplen,
                PcapNgTime.of(new PcapNgOptions(block, SNAPLEN_AT + Integer.BYTES))));
        if (snaplen != 0 && Integer.compareUnsigned(snaplen, LARGEST_PACKET) < 0) {
            // Readers cut what is longer, and a rewritten message may be. 0 is no limit.
            block.putInt(SNAPLEN_AT, LARGEST_PACKET);
        }
        return CaptureRecord.withoutPacket(block.bytes());
    }

    private CaptureRecord packet(PcapNgBlock block, boolean obsolete) {
        if (block.length() < PACKET_AT + Integer.BYTES) {
            return CaptureRecord.broken(block.bytes(), "a pcapng packet block is too short");
        }
        long number = obsolete ? block.unsignedShort(BLOCK_HEAD) : block.unsignedInt(BLOCK_HEAD);
        if (number >= interfaces.size()) {
            return CaptureRecord.broken(block.bytes(), "a pcapng packet is of an interface that is not described");
        }
        long captured = block.unsignedInt(CAPTURED_AT);
        if (captured > LARGEST_PACKET || PACKET_AT + PcapNgBlock.padded(captured) > block.length() - Integer.BYTES) {
            return CaptureRecord.broken(block.bytes(), "a pcapng packet is longer than its block");
        }
        Interface its = interfaces.get((int) number);
        long ticks = block.unsignedInt(TIME_AT) << Integer.SIZE | block.unsignedInt(TIME_AT + Integer.BYTES);
        lastNanos = its.time().nanos(ticks);
        boolean isCut = block.unsignedInt(CAPTURED_AT + Integer.BYTES) > captured;
        int end = PACKET_AT + (int) captured;
        return new CaptureRecord(
                block.bytes(),
                new CapturedPacket(
                        its.linkType(),
                        lastNanos,
                        PACKET_AT,
                        end,
                        isCut,
                        frame -> block.withPacket(PACKET_AT, (int) captured, frame)));
    }

    private CaptureRecord simplePacket(PcapNgBlock block) {
        if (block.length() < SIMPLE_PACKET_AT + Integer.BYTES || interfaces.isEmpty()) {
            return CaptureRecord.broken(block.bytes(), "a pcapng packet is of an interface that is not described");
        }
        Interface first = interfaces.get(0);
        long original = block.unsignedInt(BLOCK_HEAD);
        long snaplen = first.snaplen() == 0 ? LARGEST_PACKET : Integer.toUnsignedLong(first.snaplen());
        long captured = Math.min(original, snaplen);
        if (captured > LARGEST_PACKET
                || SIMPLE_PACKET_AT + PcapNgBlock.padded(captured) > block.length() - Integer.BYTES) {
            return CaptureRecord.broken(block.bytes(), "a pcapng packet is longer than its block");
        }
        int end = SIMPLE_PACKET_AT + (int) captured;
        block.putInt(
                BLOCK_HEAD, (int) captured); // its snaplen, which alone told this from the original, is another one now
        return new CaptureRecord(
                block.bytes(),
                new CapturedPacket(
                        first.linkType(),
                        lastNanos,
                        SIMPLE_PACKET_AT,
                        end,
                        original > captured,
                        frame -> block.withSimplePacket(frame)));
    }

    @Override
    public long position() {
        return in.position();
    }
}
