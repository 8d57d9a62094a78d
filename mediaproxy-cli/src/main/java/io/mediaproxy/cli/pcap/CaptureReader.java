package io.mediaproxy.cli.pcap;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Reads a capture file record by record: all their bytes together are the file. Not thread-safe. */
interface CaptureReader {
    /** libpcap's {@code MAXIMUM_SNAPLEN}, in bytes: no tool writes a longer packet of these link types. */
    int MAX_PACKET = 262_144;

    /** The header of the file. */
    CaptureRecord header();

    /**
     * Reads the next record, with or without a packet.
     *
     * @return null at the end of the file
     * @throws CaptureException if the rest of the file cannot be read
     */
    @Nullable CaptureRecord next() throws IOException, CaptureException;

    /**
     * Distinguishes pcap and pcapng by the first four bytes and reads the file's header.
     *
     * @throws CaptureException if the file is neither
     */
    static CaptureReader open(CaptureInput in) throws IOException, CaptureException {
        byte[] magic = in.read(Integer.BYTES);
        if (magic.length == 0) {
            throw new CaptureException("it is empty");
        }
        if (magic.length < Integer.BYTES) {
            throw new CaptureException("it is no capture file: it has " + magic.length + " bytes");
        }
        return ByteBuffer.wrap(magic).getInt() == PcapNgReader.SECTION_HEADER
                ? PcapNgReader.open(in, magic)
                : PcapReader.open(in, magic);
    }
}
