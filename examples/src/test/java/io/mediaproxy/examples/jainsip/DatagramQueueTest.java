package io.mediaproxy.examples.jainsip;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramPacket;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DatagramQueueTest {
    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 1000);
    private final AtomicInteger dropped = new AtomicInteger();
    private final DatagramQueue queue = new DatagramQueue(clock::get, dropped::incrementAndGet);

    private static DatagramPacket packet(int length) {
        return new DatagramPacket(new byte[length], length);
    }

    @Test
    void shouldBoundTheNumber() throws Exception {
        for (int i = 0; i < 10_000; i++) {
            queue.add(packet(1));
        }
        assertThat(queue).hasSize(DatagramQueue.MAX_DATAGRAMS);
        assertThat(dropped).hasValue(10_000 - DatagramQueue.MAX_DATAGRAMS);

        assertThat(queue.take().packet.getLength()).isEqualTo(1);
        queue.add(packet(2));
        assertThat(queue).hasSize(DatagramQueue.MAX_DATAGRAMS);
    }

    @Test
    void shouldBoundTheBytes() throws Exception {
        int length = 65_507;
        int fit = (int) (DatagramQueue.MAX_BYTES / length);
        for (int i = 0; i < 1000; i++) {
            queue.add(packet(length));
        }
        assertThat(queue).hasSize(fit);
        for (int i = 0; i < fit; i++) {
            queue.take();
        }
        for (int i = 0; i < 1000; i++) {
            queue.add(packet(length));
        }
        assertThat(queue).as("after all were taken").hasSize(fit);
    }

    @Test
    void shouldBoundTheAge() throws Exception {
        queue.add(packet(1));
        clock.addAndGet(Duration.ofMillis(500).toNanos());
        queue.add(packet(2));
        assertThat(queue.take().packet.getLength()).isEqualTo(1);
        queue.add(packet(3));
        clock.addAndGet(Duration.ofMillis(500).toNanos());
        assertThat(queue.take().packet.getLength()).isEqualTo(2);
        clock.addAndGet(Duration.ofMillis(1).toNanos());
        queue.add(packet(4));

        assertThat(queue.take().packet.getLength()).isEqualTo(4);
        assertThat(dropped).hasValue(1);
    }
}
