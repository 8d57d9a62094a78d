package io.mediaproxy.cli.pcap;

import io.mediaproxy.cli.pcap.CaptureRecord.CapturedPacket;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Writes all records of a capture in order, some with another frame. Records wait while an earlier one may still
 * change, which is so only for fragments of datagrams. Not thread-safe.
 */
final class RewrittenCapture {
    /** Beyond these limits the oldest record is written as it is. */
    private static final int MAX_WAITING_BYTES = 16 * 1024 * 1024;

    private static final int MAX_WAITING = 10_000;

    private final OutputStream out;
    private final ArrayDeque<Place> waiting = new ArrayDeque<>();
    private long waitingBytes;

    /** One record's place in the file. It waits until it is released. */
    static final class Place {
        private final CaptureRecord record;
        private ByteBuffer bytes;
        private boolean released;
        private boolean written;

        private Place(CaptureRecord record) {
            this.record = record;
            this.bytes = record.bytes();
        }

        /** Lets the record be written. */
        void release() {
            released = true;
        }

        /** Whether it is too late to change it. */
        boolean isWritten() {
            return written;
        }

        /** Gives the record another frame. */
        void replace(ByteBuffer frame) {
            CapturedPacket packet = record.packet();
            if (packet == null) {
                throw new IllegalStateException("a record without a packet has no frame to replace");
            }
            bytes = packet.framing().apply(frame);
        }
    }

    /** @param out null if nothing is to be written; the caller closes it */
    RewrittenCapture(@Nullable OutputStream out) {
        this.out = out == null ? OutputStream.nullOutputStream() : out;
    }

    /** Adds the next record, which waits until it is released. */
    Place add(CaptureRecord record) {
        Place place = new Place(record);
        waiting.add(place);
        waitingBytes += record.bytes().limit();
        return place;
    }

    /** Writes the records that need not wait. */
    void write() throws IOException {
        for (Place first = waiting.peek(); first != null && mayBeWritten(first); first = waiting.peek()) {
            waiting.remove();
            waitingBytes -= first.record.bytes().limit();
            first.written = true;
            ByteBuffer bytes = first.bytes;
            out.write(bytes.array(), bytes.arrayOffset(), bytes.limit());
        }
    }

    private boolean mayBeWritten(Place first) {
        return first.released || waitingBytes > MAX_WAITING_BYTES || waiting.size() > MAX_WAITING;
    }

    /** Writes all records. */
    void finish() throws IOException {
        waiting.forEach(Place::release);
        write();
        out.flush();
    }
}
