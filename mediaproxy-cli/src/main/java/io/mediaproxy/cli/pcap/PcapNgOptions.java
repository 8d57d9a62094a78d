package io.mediaproxy.cli.pcap;

import java.util.Arrays;

/** The options of a pcapng block, each {@code code:2 length:2 value}, padded to four bytes; what is not whole is not there. */
final class PcapNgOptions {
    private static final int END = 0;
    private static final int HASH = 3;
    private static final int HEAD = 4;

    private final PcapNgBlock block;
    private final int start;
    private final int end;

    /** @param start behind the fixed fields of the block */
    PcapNgOptions(PcapNgBlock block, int start) {
        this.block = block;
        this.start = start;
        this.end = block.length() - Integer.BYTES;
    }

    /** Of one byte; the default where there is none. */
    int unsignedByte(int code, int defaultValue) {
        int at = find(code, Byte.BYTES);
        return at < 0 ? defaultValue : block.unsignedByte(at);
    }

    /** Of eight bytes; the default where there is none. */
    long getLong(int code, long defaultValue) {
        int at = find(code, Long.BYTES);
        return at < 0 ? defaultValue : block.getLong(at);
    }

    /** Where the value begins; -1: there is none. */
    private int find(int code, int length) {
        for (int at = start; isWhole(at) && code(at) != END; at = next(at)) {
            if (code(at) == code && length(at) == length) {
                return at + HEAD;
            }
        }
        return -1;
    }

    /** All their bytes, but for the hash of a packet that is another one now. */
    byte[] withoutHash() {
        byte[] kept = new byte[end - start];
        int length = 0;
        int at = start;
        while (isWhole(at) && code(at) != END) {
            if (code(at) != HASH) {
                System.arraycopy(block.bytes(), at, kept, length, next(at) - at);
                length += next(at) - at;
            }
            at = next(at);
        }
        System.arraycopy(block.bytes(), at, kept, length, end - at);
        return Arrays.copyOf(kept, length + end - at);
    }

    private boolean isWhole(int at) {
        return at + HEAD <= end && next(at) <= end;
    }

    private int code(int at) {
        return block.unsignedShort(at);
    }

    private int length(int at) {
        return block.unsignedShort(at + Short.BYTES);
    }

    private int next(int at) {
        return at + HEAD + PcapNgBlock.padded(length(at));
    }
}
