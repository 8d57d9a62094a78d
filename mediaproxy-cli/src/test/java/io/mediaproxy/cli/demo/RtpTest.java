package io.mediaproxy.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class RtpTest {
    private static final Tone TONE = new Tone(400);

    private final RtpReceiver receiver = new RtpReceiver(TONE);

    @Test
    void shouldWriteTheHeaderOfRfc3550() {
        RtpSender sender = new RtpSender(TONE, new Random(1));
        ByteBuffer first = ByteBuffer.wrap(sender.nextPacket());
        ByteBuffer second = ByteBuffer.wrap(sender.nextPacket());

        assertThat(first.capacity()).isEqualTo(12 + 160);
        assertThat(first.get(0)).isEqualTo((byte) 0x80);
        assertThat(first.get(1)).as("marker, PCMU").isEqualTo((byte) 0x80);
        assertThat(second.get(1)).as("no marker, PCMU").isZero();
        assertThat(second.getShort(2)).isEqualTo((short) (first.getShort(2) + 1));
        assertThat(second.getInt(4)).isEqualTo(first.getInt(4) + 160);
        assertThat(second.getInt(8)).isEqualTo(first.getInt(8));
    }

    @Test
    void shouldCountPacketsAcrossTheWrapOfSequenceAndTimestamp() {
        for (byte[] packet : packets(atTheEndOfEachRange(), 100)) {
            assertThat(receiver.accept(packet, packet.length)).isTrue();
        }

        assertThat(receiver.packets()).isEqualTo(100);
        assertThat(receiver.bytes()).isEqualTo(100 * 172);
        assertThat(receiver.lost()).isZero();
        assertThat(receiver.foreign()).isZero();
    }

    @Test
    void shouldCountThePacketsThatAreMissingBetweenFirstAndLast() {
        List<byte[]> packets = packets(atTheEndOfEachRange(), 10);
        packets.remove(7);
        packets.remove(3);
        packets.forEach(packet -> receiver.accept(packet, packet.length));

        assertThat(receiver.packets()).isEqualTo(8);
        assertThat(receiver.lost()).isEqualTo(2);
    }

    @Test
    void shouldNotCountReorderingAsLoss() {
        List<byte[]> packets = packets(atTheEndOfEachRange(), 10);
        Collections.reverse(packets);
        packets.forEach(packet -> receiver.accept(packet, packet.length));

        assertThat(receiver.packets()).isEqualTo(10);
        assertThat(receiver.lost()).isZero();
    }

    @Test
    void shouldAcceptOnlyTheExpectedToneFromOneStream() {
        RtpSender sender = new RtpSender(TONE, new Random(1));
        byte[] right = sender.nextPacket();
        byte[] otherStream = new RtpSender(TONE, new Random(2)).nextPacket();
        byte[] otherTone = new RtpSender(new Tone(1000), new Random(1)).nextPacket();
        byte[] flipped = sender.nextPacket();
        flipped[100] ^= 1;
        byte[] late = sender.nextPacket();
        late[7] ^= 1; // its timestamp does not follow from its sequence number
        byte[] otherVersion = sender.nextPacket();
        otherVersion[0] = 0x40;

        assertThat(receiver.accept(right, right.length)).isTrue();
        for (byte[] wrong : List.of(otherStream, otherTone, flipped, late, otherVersion, new byte[0], new byte[172])) {
            assertThat(receiver.accept(wrong, wrong.length)).isFalse();
        }
        assertThat(receiver.accept(right, right.length - 1)).isFalse();
        assertThat(receiver.packets()).isOne();
        assertThat(receiver.foreign()).isEqualTo(8);
    }

    private static List<byte[]> packets(RandomGenerator random, int count) {
        RtpSender sender = new RtpSender(TONE, random);
        List<byte[]> packets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            packets.add(sender.nextPacket());
        }
        return packets;
    }

    /** Begins three packets before sequence number and timestamp wrap. */
    private static RandomGenerator atTheEndOfEachRange() {
        return new RandomGenerator() {
            @Override
            public long nextLong() {
                return -400;
            }

            @Override
            public int nextInt() {
                return -400;
            }

            @Override
            public int nextInt(int bound) {
                return bound - 3;
            }
        };
    }
}
