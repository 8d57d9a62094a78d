package io.mediaproxy.cli.pcap;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Reads a capture file record by record. Not safe for use by more than one thread. */
interface CaptureReader {
    /** libpcap's {@code MAXIMUM_SNAPLEN}: no packet of these link types is longer, and no tool writes one. */
    int LARGEST_PACKET = 262_144;

    /** The first four bytes of both formats tell which it is. */
    int MAGIC_LENGTH = 4;

    /**
     * The next record, those without a packet among them: all their bytes together are the file.
     *
     * @return null: the file ends here, as it should
     * @throws DamagedCaptureException if it cannot be read on; the reader is at its end then
     */
    @Nullable CaptureRecord next() throws IOException, DamagedCaptureException;

    /** How many bytes have been read. */
    long position();

    /**
     * Tells pcap from pcapng by the first bytes and reads the file's header.
     *
     * @throws CaptureException if the file is neither
     */
    static CaptureReader open(InputStream in) throws IOException, CaptureException {
        CaptureInput input = new CaptureInput(in);
        byte[] magic = input.read(MAGIC_LENGTH);
        if (magic.length == 0) {
            throw new CaptureException("it is empty");
        }
        if (magic.length < MAGIC_LENGTH) {
            throw new CaptureException("it is no capture file: it has " + magic.length + " bytes");
        }
        int number = ByteBuffer.wrap(magic).getInt();
        return number == PcapNgReader.SECTION_HEADER
                ? PcapNgReader.open(input, magic)
                : PcapReader.open(input, magic, number);
    }
}
