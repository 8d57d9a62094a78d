package io.mediaproxy.cli.demo;

import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;

/**
 * Makes the RTP packets of one tone (RFC 3550 5.1, payload type 0 of RFC 3551).
 *
 * <p>Sequence number, timestamp and SSRC begin at random, as RFC 3550 requires. Not thread-safe.
 */
final class RtpSender {
    static final int HEADER_LENGTH = 12;
    static final int VERSION_2 = 0x80;
    static final int PAYLOAD_TYPE_PCMU = 0;

    private static final int MARKER = 0x80;

    private final byte[] frame;
    private final int ssrc;
    private int sequence;
    private int timestamp;
    private boolean first = true;

    RtpSender(Tone tone, RandomGenerator random) {
        this.frame = tone.frame();
        this.ssrc = random.nextInt();
        this.sequence = random.nextInt(1 << 16);
        this.timestamp = random.nextInt();
    }

    /** Returns the next 20 ms, in a new array. */
    byte[] nextPacket() {
        ByteBuffer packet = ByteBuffer.allocate(HEADER_LENGTH + frame.length)
                .put((byte) VERSION_2)
                // RFC 3551 4.1: the marker bit marks the beginning of a talkspurt.
                .put((byte) (first ? MARKER | PAYLOAD_TYPE_PCMU : PAYLOAD_TYPE_PCMU))
                .putShort((short) sequence)
                .putInt(timestamp)
                .putInt(ssrc)
                .put(frame);
        first = false;
        sequence = sequence + 1 & 0xFFFF;
        timestamp += Tone.FRAME_SAMPLES;
        return packet.array();
    }
}
