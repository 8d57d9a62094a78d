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

    /** Bytes; Wireshark has the same limit. */
    private static final int MAX_BLOCK = 16 * 1024 * 1024;

    private static final int MAX_INTERFACES = 1024;

    private static final int BODY_AT = 8;
    private static final int MIN_BLOCK = 12;
    private static final int MAJOR_VERSION_AT = 12;
    private static final int SECTION_LENGTH_AT = 16;
    private static final int MIN_SECTION_HEADER = 28;
    private static final int MIN_INTERFACE = 20;
    private static final int TIME_AT = 12;
    private static final int CAPTURED_AT = 20;
    private static final int ORIGINAL_AT = 24;
    private static final int PACKET_AT = 28;
    private static final int SIMPLE_PACKET_AT = 12;

    private final CaptureInput in;
    private final CaptureRecord header;
    private final List<PcapNgInterface> interfaces = new ArrayList<>();
    private ByteOrder order = ByteOrder.BIG_ENDIAN;
    /** For packets that have none. */
    private long lastNanos;

    private PcapNgReader(CaptureInput in, byte[] magic) throws IOException, CaptureException {
        this.in = in;
        this.header = block(magic, 0);
    }

    /** @param magic the first four bytes */
    static PcapNgReader open(CaptureInput in, byte[] magic) throws IOException, CaptureException {
        try {
            return new PcapNgReader(in, magic);
        } catch (CaptureException e) {
            throw new CaptureException("it is no capture file: in the header of a pcapng file, " + e.getMessage());
        }
    }

    @Override
    public CaptureRecord header() {
        return header;
    }

    @Override
    public @Nullable CaptureRecord next() throws IOException, CaptureException {
        long start = in.position();
        byte[] type = in.read(Integer.BYTES);
        return type.length == 0 ? null : block(type, start);
    }

    private CaptureRecord block(byte[] type, long start) throws IOException, CaptureException {
        boolean newSection =
                type.length == Integer.BYTES && ByteBuffer.wrap(type).getInt() == SECTION_HEADER;
        // The magic number decides the byte order of the length before it.
        byte[] head = in.readFully(newSection ? 2 * Integer.BYTES : Integer.BYTES, "a block's header", start);
        if (newSection) {
            beginSection(ByteBuffer.wrap(head).getInt(Integer.BYTES), start);
        }
        int length = ByteBuffer.wrap(head).order(order).getInt();
        int smallest = newSection ? MIN_SECTION_HEADER : MIN_BLOCK;
        if (length < smallest || length > MAX_BLOCK || length % Integer.BYTES != 0) {
            throw new CaptureException(
                    "a block of " + Integer.toUnsignedString(length) + " bytes is not possible, the limit is "
                            + MAX_BLOCK,
                    start);
        }
        byte[] rest = in.readFully(length - type.length - head.length, "a block", start);
        ByteBuffer bytes = ByteBuffer.allocate(length).order(order);
        PcapNgBlock block = new PcapNgBlock(bytes.put(type).put(head).put(rest).flip());
        if (block.getInt(length - Integer.BYTES) != length) {
            throw new CaptureException("the two lengths of a block differ", start);
        }
        return switch (block.getInt(0)) {
            case SECTION_HEADER -> section(block, start);
            case INTERFACE -> describedInterface(block, start);
            case ENHANCED_PACKET -> packet(block, block.unsignedInt(BODY_AT));
            case PACKET -> packet(block, block.unsignedShort(BODY_AT));
            case SIMPLE_PACKET -> simplePacket(block);
            default -> CaptureRecord.withoutPacket(block.bytes());
        };
    }

    private void beginSection(int magic, long start) throws CaptureException {
        if (magic == BYTE_ORDER_MAGIC) {
            order = ByteOrder.BIG_ENDIAN;
        } else if (Integer.reverseBytes(magic) == BYTE_ORDER_MAGIC) {
            order = ByteOrder.LITTLE_ENDIAN;
        } else {
            throw new CaptureException("a section has no byte order", start);
        }
        interfaces.clear();
    }

    private static CaptureRecord section(PcapNgBlock block, long start) throws CaptureException {
        int major = block.unsignedShort(MAJOR_VERSION_AT);
        if (major != MAJOR_VERSION) {
            throw new CaptureException("a section is of version " + major + ", only version 1 is read", start);
        }
        block.bytes().putLong(SECTION_LENGTH_AT, -1); // not specified: a rewritten message changes it
        return CaptureRecord.withoutPacket(block.bytes());
    }

    private CaptureRecord describedInterface(PcapNgBlock block, long start) throws CaptureException {
        if (block.length() < MIN_INTERFACE) {
            throw new CaptureException("an interface is not described", start);
        }
        if (interfaces.size() == MAX_INTERFACES) {
            throw new CaptureException("a section has more than " + MAX_INTERFACES + " interfaces", start);
        }
        PcapNgInterface described = PcapNgInterface.of(block);
        interfaces.add(described);
        if (described.snaplen() != 0 && Integer.compareUnsigned(described.snaplen(), MAX_PACKET) < 0) {
            // Readers cut what is longer, and a rewritten message may be.
            block.bytes().putInt(PcapNgInterface.SNAPLEN_AT, MAX_PACKET);
        }
        return CaptureRecord.withoutPacket(block.bytes());
    }

    private CaptureRecord packet(PcapNgBlock block, long number) {
        if (block.length() < PACKET_AT + Integer.BYTES) {
            return CaptureRecord.broken(block.bytes(), "a pcapng packet block is too short");
        }
        if (number >= interfaces.size()) {
            return CaptureRecord.broken(block.bytes(), "the interface of a pcapng packet is not described");
        }
        PcapNgInterface its = interfaces.get((int) number);
        long ticks = block.unsignedInt(TIME_AT) << Integer.SIZE | block.unsignedInt(TIME_AT + Integer.BYTES);
        lastNanos = its.nanos(ticks);
        return packet(
                block, its, CAPTURED_AT, PACKET_AT, block.unsignedInt(CAPTURED_AT), block.unsignedInt(ORIGINAL_AT));
    }

    private CaptureRecord simplePacket(PcapNgBlock block) {
        if (block.length() < SIMPLE_PACKET_AT + Integer.BYTES || interfaces.isEmpty()) {
            return CaptureRecord.broken(block.bytes(), "the interface of a pcapng packet is not described");
        }
        PcapNgInterface first = interfaces.get(0);
        long original = block.unsignedInt(BODY_AT);
        long captured = first.snaplen() == 0 ? original : Math.min(original, Integer.toUnsignedLong(first.snaplen()));
        CaptureRecord record = packet(block, first, BODY_AT, SIMPLE_PACKET_AT, captured, original);
        if (record.packet() != null) {
            block.bytes().putInt(BODY_AT, (int) captured); // only the old snaplen distinguished it from the original
        }
        return record;
    }

    private CaptureRecord packet(
            PcapNgBlock block, PcapNgInterface its, int lengthsAt, int at, long captured, long original) {
        if (!block.hasRoom(at, captured)) {
            return CaptureRecord.broken(block.bytes(), "a pcapng packet is longer than its block");
        }
        return CaptureRecord.withPacket(
                block.bytes(),
                new CapturedPacket(
                        its.linkType(),
                        lastNanos,
                        block.bytes().slice(at, (int) captured),
                        original > captured,
                        frame -> block.withPacket(lengthsAt, at, (int) captured, frame)));
    }
}
