package io.mediaproxy.cli.pcap;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** One block of a pcapng file, whose lengths are those of its bytes. */
final class PcapNgBlock {
    private static final int HEAD = 8;
    private static final int LENGTH_AT = 4;

    private final byte[] bytes;
    private final ByteBuffer fields;

    /** @param bytes from the type to the second length */
    PcapNgBlock(byte[] bytes, ByteOrder order) {
        this.bytes = bytes;
        this.fields = ByteBuffer.wrap(bytes).order(order);
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return bytes.length;
    }

    int unsignedByte(int at) {
        return Byte.toUnsignedInt(bytes[at]);
    }

    int unsignedShort(int at) {
        return Short.toUnsignedInt(fields.getShort(at));
    }

    long unsignedInt(int at) {
        return Integer.toUnsignedLong(fields.getInt(at));
    }

    int getInt(int at) {
        return fields.getInt(at);
    }

    long getLong(int at) {
        return fields.getLong(at);
    }

    void putInt(int at, int value) {
        fields.putInt(at, value);
    }

    void putLong(int at, long value) {
        fields.putLong(at, value);
    }

    /**
     * The block around another packet, with the options that are true of that one, too.
     *
     * @param at where the packet begins; before it stand its captured and its original length
     * @param captured how long it is now
     */
    byte[] withPacket(int at, int captured, byte[] packet) {
        byte[] options = new PcapNgOptions(this, at + padded(captured)).withoutHash();
        int optionsAt = at + padded(packet.length);
        int length = optionsAt + options.length + Integer.BYTES;
        return ByteBuffer.allocate(length)
                .order(fields.order())
                .put(bytes, 0, at)
                .putInt(LENGTH_AT, length)
                .putInt(at - 2 * Integer.BYTES, packet.length)
                .putInt(at - Integer.BYTES, packet.length)
                .put(packet)
                .position(optionsAt)
                .put(options)
                .putInt(length)
                .array();
    }

    /** As {@link #withPacket}, of a simple packet block. */
    byte[] withSimplePacket(byte[] packet) {
        int length = HEAD + Integer.BYTES + padded(packet.length) + Integer.BYTES;
        return ByteBuffer.allocate(length)
                .order(fields.order())
                .put(bytes, 0, HEAD)
                .putInt(LENGTH_AT, length)
                .putInt(packet.length)
                .put(packet)
                .position(length - Integer.BYTES)
                .putInt(length)
                .array();
    }

    /** To a multiple of four. */
    static int padded(long length) {
        return (int) (length + 3 & ~3L);
    }
}
