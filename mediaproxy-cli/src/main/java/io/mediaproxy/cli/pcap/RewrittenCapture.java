package io.mediaproxy.cli.pcap;

import io.mediaproxy.cli.pcap.CaptureRecord.CapturedPacket;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Writes all records of a capture in their order, some with another frame. Records wait while one before them may still be changed,
 * which is so only for fragments of datagrams. Not safe for use by more than one thread.
 */
final class RewrittenCapture {
    /** What may wait; beyond that the oldest one is written as it is. */
    private static final int MAX_WAITING_BYTES = 16 * 1024 * 1024;

    private static final int MAX_WAITING = 10_000;

    private final OutputStream out;
    private final ArrayDeque<Place> waiting = new ArrayDeque<>();
    private long waitingBytes;

    /** One record's place in the file; it waits until it is {@linkplain #isDone done}. */
    static final class Place {
        private final CaptureRecord record;
        private byte[] bytes;
        private boolean done;
        private boolean written;

        private Place(CaptureRecord record) {
            this.record = record;
            this.bytes = record.bytes();
        }

        /** It may be written. */
        void done() {
            done = true;
        }

        private boolean isDone() {
            return done;
        }

        /** Too late to change it. */
        boolean isWritten() {
            return written;
        }

        /** It is written with another frame. */
        void replace(byte[] frame) {
            CapturedPacket packet = record.packet();
            if (packet == null) {
                throw new IllegalStateException("a record without a packet has no frame to replace");
            }
            bytes = packet.framing().frame(frame);
        }
    }

    /** @param out null: nothing is written; stays the caller's to close */
    RewrittenCapture(@Nullable OutputStream out) {
        this.out = out == null ? OutputStream.nullOutputStream() : out;
    }

    /** The next record, which waits until it is done. */
    Place add(CaptureRecord record) {
        Place place = new Place(record);
        waiting.add(place);
        waitingBytes += record.bytes().length;
        return place;
    }

    /** Writes what need not wait. */
    void write() throws IOException {
        for (Place first = waiting.peek(); first != null && mayBeWritten(first); first = waiting.peek()) {
            waiting.remove();
            waitingBytes -= first.record.bytes().length;
            first.written = true;
            out.write(first.bytes);
        }
    }

    private boolean mayBeWritten(Place first) {
        return first.isDone() || waitingBytes > MAX_WAITING_BYTES || waiting.size() > MAX_WAITING;
    }

    /** Writes what waits, too. */
    void finish() throws IOException {
        waiting.forEach(Place::done);
        write();
        out.flush();
    }
}
