package io.mediaproxy.cli.demo;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Checks the packets that arrive at a phone: only RTP with the other party's tone, from one source and in time, counts
 * as audio.
 *
 * <p>Not thread-safe.
 */
final class RtpReceiver {
    private static final int SEQUENCE_MODULUS = 1 << 16;

    private final byte[] expectedFrame;
    private boolean started;
    private int ssrc;
    private int firstTimestamp;
    private long firstSequence;
    private long highestSequence;
    private long packets;
    private long bytes;
    private long foreign;

    RtpReceiver(Tone expected) {
        this.expectedFrame = expected.frame();
    }

    /**
     * Counts one datagram.
     *
     * @return whether it is the expected audio
     */
    boolean accept(byte[] buffer, int length) {
        if (length < RtpSender.HEADER_LENGTH
                || (buffer[0] & 0xFF) != RtpSender.VERSION_2
                || (buffer[1] & 0x7F) != RtpSender.PAYLOAD_TYPE_PCMU
                || !Arrays.equals(expectedFrame, 0, expectedFrame.length, buffer, RtpSender.HEADER_LENGTH, length)
                || !fitsStream(ByteBuffer.wrap(buffer, 0, RtpSender.HEADER_LENGTH))) {
            foreign++;
            return false;
        }
        packets++;
        bytes += length;
        return true;
    }

    private boolean fitsStream(ByteBuffer header) {
        int sequence = header.getShort(2) & 0xFFFF;
        int timestamp = header.getInt(4);
        if (!started) {
            started = true;
            ssrc = header.getInt(8);
            firstTimestamp = timestamp;
            firstSequence = sequence;
            highestSequence = sequence;
            return true;
        }
        long extended = extend(sequence);
        // One frame a packet: the timestamp follows from the sequence number, or the packet is from another stream.
        int due = firstTimestamp + (int) (extended - firstSequence) * Tone.FRAME_SAMPLES;
        if (header.getInt(8) != ssrc || timestamp != due) {
            return false;
        }
        highestSequence = Math.max(highestSequence, extended);
        firstSequence = Math.min(firstSequence, extended);
        firstTimestamp = firstSequence == extended ? timestamp : firstTimestamp;
        return true;
    }

    /** The sequence number extended by its wraps: the one nearest to the highest so far. */
    private long extend(int sequence) {
        short ahead = (short) (sequence - (int) (highestSequence % SEQUENCE_MODULUS));
        return highestSequence + ahead;
    }

    long packets() {
        return packets;
    }

    /** The bytes of the counted RTP packets, headers included. */
    long bytes() {
        return bytes;
    }

    /** Datagrams that are not the expected audio. */
    long foreign() {
        return foreign;
    }

    /** Packets that are missing between the first and the last: RFC 3550 6.4.1, cumulative number of packets lost. */
    long lost() {
        return started ? highestSequence - firstSequence + 1 - packets : 0;
    }
}
