package io.mediaproxy.cli.pcap;

import java.io.IOException;
import java.io.InputStream;

/** The bytes of a capture file, counted. Not thread-safe. */
final class CaptureInput {
    private final InputStream in;
    private long position;

    /** @param in buffered; the caller closes it */
    CaptureInput(InputStream in) {
        this.in = in;
    }

    /** Reads that many bytes, or fewer where the file ends; allocates only what is there. */
    byte[] read(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        position += bytes.length;
        return bytes;
    }

    /**
     * Reads that many bytes.
     *
     * @param start first byte of the record that they belong to
     * @throws CaptureException if the file ends before
     */
    byte[] readFully(int length, String what, long start) throws IOException, CaptureException {
        byte[] bytes = read(length);
        if (bytes.length < length) {
            throw new CaptureException("it ends in the middle of " + what, start);
        }
        return bytes;
    }

    /** Number of bytes read. */
    long position() {
        return position;
    }
}
