package io.mediaproxy.cli.pcap;

import java.io.IOException;
import java.io.InputStream;

/** The bytes of a file, and how many of them have been read. Not safe for use by more than one thread. */
final class CaptureInput {
    private final InputStream in;
    private long position;

    /** @param in buffered by whoever gives it; stays theirs to close */
    CaptureInput(InputStream in) {
        this.in = in;
    }

    /** That many bytes, or fewer where the file ends; what is not there is not allocated. */
    byte[] read(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        position += bytes.length;
        return bytes;
    }

    long position() {
        return position;
    }
}
