package io.mediaproxy.cli.pcap;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;

/** Writes captures like tcpdump and Wireshark. */
final class CaptureFile {
    /** Which file. */
    enum Format {
        PCAP_LITTLE_MICROS,
        PCAP_BIG_MICROS,
        PCAP_LITTLE_NANOS,
        PCAP_BIG_NANOS,
        PCAPNG_LITTLE,
        PCAPNG_BIG,
        PCAPNG_NANOS,
        PCAPNG_OBSOLETE_BLOCKS;

        boolean isPcap() {
            return compareTo(PCAPNG_LITTLE) < 0;
        }

        boolean hasNanos() {
            return name().endsWith("NANOS");
        }

        ByteOrder order() {
            return name().contains("BIG") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        }
    }

    static final int SNAPLEN = 65_535;

    private final Format format;
    private final int snaplen;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    CaptureFile(Format format, int linkType) {
        this(format, linkType, SNAPLEN);
    }

    /** With a snaplen that makes room for what grows. */
    static CaptureFile asWritten(Format format, int linkType) {
        return new CaptureFile(format, linkType, 262_144);
    }

    private CaptureFile(Format format, int linkType, int snaplen) {
        this.format = format;
        this.snaplen = snaplen;
        if (format.isPcap()) {
            write(buffer(24)
                    .putInt(format.hasNanos() ? 0xa1b23c4d : 0xa1b2c3d4)
                    .putShort((short) 2)
                    .putShort((short) 4)
                    .putLong(0)
                    .putInt(snaplen)
                    .putInt(linkType));
        } else {
            write(block(
                    0x0a0d0d0a,
                    content(buffer(16)
                            .putInt(0x1a2b3c4d)
                            .putShort((short) 1)
                            .putShort((short) 0)
                            .putLong(-1))));
            writeInterface(linkType);
        }
    }

    /** With a name, and the resolution where that is not the usual one. */
    CaptureFile writeInterface(int linkType) {
        ByteBuffer options = buffer(32).putShort((short) 2).putShort((short) 3).put(new byte[] {'e', 't', 'h', 0});
        if (format.hasNanos()) {
            options.putShort((short) 9).putShort((short) 1).put(new byte[] {9, 0, 0, 0});
        }
        options.putInt(0);
        options.flip();
        ByteBuffer body = buffer(8 + options.limit())
                .putShort((short) linkType)
                .putShort((short) 0)
                .putInt(snaplen)
                .put(options);
        write(block(1, content(body)));
        return this;
    }

    CaptureFile packet(long nanos, byte[] frame) {
        return packet(0, nanos, frame, frame.length);
    }

    /** One that was rewritten: nothing is left that says what it was before. */
    CaptureFile rewrittenPacket(long nanos, byte[] frame) {
        return packet(0, nanos, frame, frame.length, false);
    }

    /** @param original its length before the capture cut it */
    CaptureFile packet(int number, long nanos, byte[] frame, int original) {
        return packet(number, nanos, frame, original, true);
    }

    private CaptureFile packet(int number, long nanos, byte[] frame, int original, boolean hash) {
        if (format.isPcap()) {
            long second = TimeUnit.SECONDS.toNanos(1);
            write(buffer(16 + frame.length)
                    .putInt((int) (nanos / second))
                    .putInt((int) (nanos % second / (format.hasNanos() ? 1 : 1000)))
                    .putInt(frame.length)
                    .putInt(original)
                    .put(frame));
            return this;
        }
        long ticks = format.hasNanos() ? nanos : nanos / 1000;
        boolean obsolete = format == Format.PCAPNG_OBSOLETE_BLOCKS;
        int padded = frame.length + 3 & ~3;
        ByteBuffer body = buffer(20 + padded + (hash ? 20 : 12));
        if (obsolete) {
            body.putShort((short) number).putShort((short) 0);
        } else {
            body.putInt(number);
        }
        body.putInt((int) (ticks >> 32))
                .putInt((int) ticks)
                .putInt(frame.length)
                .putInt(original);
        body.put(frame).position(20 + padded);
        // A comment, a hash that is true of this packet only, and the end of the options.
        body.putShort((short) 1).putShort((short) 2).put(new byte[] {'h', 'i', 0, 0});
        if (hash) {
            body.putShort((short) 3).putShort((short) 2).put(new byte[] {0, 1, 0, 0});
        }
        body.putInt(0);
        write(block(obsolete ? 2 : 6, content(body)));
        return this;
    }

    CaptureFile simplePacket(byte[] frame, int original) {
        write(block(
                3, content(buffer(4 + (frame.length + 3 & ~3)).putInt(original).put(frame))));
        return this;
    }

    CaptureFile raw(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    byte[] block(int type, byte[] body) {
        int length = 12 + body.length;
        return buffer(length)
                .putInt(type)
                .putInt(length)
                .put(body)
                .putInt(length)
                .array();
    }

    ByteBuffer buffer(int length) {
        return ByteBuffer.allocate(length).order(format.order());
    }

    private void write(ByteBuffer bytes) {
        write(content(bytes));
    }

    private void write(byte[] bytes) {
        out.writeBytes(bytes);
    }

    /** All of it, whatever its position. */
    static byte[] content(ByteBuffer buffer) {
        byte[] content = new byte[buffer.limit()];
        buffer.rewind().get(content);
        return content;
    }

    byte[] bytes() {
        return out.toByteArray();
    }
}
