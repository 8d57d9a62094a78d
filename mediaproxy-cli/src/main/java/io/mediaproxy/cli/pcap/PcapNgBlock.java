package io.mediaproxy.cli.pcap;

import java.nio.ByteBuffer;

/**
 * One block of a pcapng file: {@code type:4 length:4 fields options length:4}. An option is {@code code:2 length:2
 * value}, padded to four bytes; options after a truncated one are ignored.
 *
 * @param bytes the whole block, in the byte order of its section
 */
record PcapNgBlock(ByteBuffer bytes) {
    private static final int LENGTH_AT = 4;
    private static final int END_OF_OPTIONS = 0;
    private static final int HASH = 3;
    private static final int OPTION_HEAD = 4;

    int length() {
        return bytes.limit();
    }

    int getInt(int at) {
        return bytes.getInt(at);
    }

    long unsignedInt(int at) {
        return Integer.toUnsignedLong(bytes.getInt(at));
    }

    int unsignedShort(int at) {
        return Short.toUnsignedInt(bytes.getShort(at));
    }

    /** Whether a padded packet of that length, in bytes, fits between its first byte and the end of the block. */
    boolean hasRoom(int at, long length) {
        return length <= CaptureReader.MAX_PACKET && at + padded(length) <= length() - Integer.BYTES;
    }

    /**
     * Finds an option.
     *
     * @param optionsAt where the options begin
     * @param length of the value
     * @return where the value begins; -1 if there is no such option
     */
    int option(int optionsAt, int code, int length) {
        for (int at = optionsAt; isOption(at); at = nextOption(at)) {
            if (unsignedShort(at) == code && unsignedShort(at + Short.BYTES) == length) {
                return at + OPTION_HEAD;
            }
        }
        return -1;
    }

    private boolean isOption(int at) {
        int end = length() - Integer.BYTES;
        return at + OPTION_HEAD <= end && unsignedShort(at) != END_OF_OPTIONS && nextOption(at) <= end;
    }

    private int nextOption(int at) {
        return at + OPTION_HEAD + padded(unsignedShort(at + Short.BYTES));
    }

    /**
     * Makes a block with another packet and the same options, without the hash of the old packet.
     *
     * @param lengthsAt where its lengths are, which reach to the packet
     * @param at where the packet begins
     * @param captured length of the old packet
     */
    ByteBuffer withPacket(int lengthsAt, int at, int captured, ByteBuffer packet) {
        ByteBuffer options = ByteBuffer.allocate(length());
        int next = at + padded(captured);
        while (isOption(next)) {
            int end = nextOption(next);
            if (unsignedShort(next) != HASH) {
                options.put(bytes.slice(next, end - next));
            }
            next = end;
        }
        options.put(bytes.slice(next, length() - Integer.BYTES - next)).flip();
        int optionsAt = at + padded(packet.limit());
        int length = optionsAt + options.limit() + Integer.BYTES;
        ByteBuffer changed = ByteBuffer.allocate(length)
                .order(bytes.order())
                .put(bytes.slice(0, at))
                .put(packet.duplicate())
                .position(optionsAt)
                .put(options)
                .putInt(length)
                .flip()
                .putInt(LENGTH_AT, length);
        for (int field = lengthsAt; field < at; field += Integer.BYTES) {
            changed.putInt(field, packet.limit());
        }
        return changed;
    }

    /** Rounds up to a multiple of four. */
    private static int padded(long length) {
        return (int) (length + 3 & ~3L);
    }
}
