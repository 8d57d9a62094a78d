package io.mediaproxy.embedded.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mediaproxy.embedded.EmbeddedRelay;
import io.mediaproxy.embedded.FreePorts;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class PortPoolTest {
    private final Inet4Address loopback;

    PortPoolTest() throws IOException {
        loopback = (Inet4Address) InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    }

    private static void giveBack(PortPool pool, PortPool.Pair pair) throws IOException {
        pair.rtp().close();
        pair.rtcp().close();
        pool.release(pair);
    }

    @Test
    void shouldReuseTheLeastRecentlyReleasedPair() throws IOException {
        int first = FreePorts.pairs(3);
        PortPool pool = new PortPool(loopback, new PortRange(first, first + 5, first));
        PortPool.Pair one = pool.take();
        giveBack(pool, one);
        PortPool.Pair two = pool.take();
        PortPool.Pair three = pool.take();
        PortPool.Pair again = pool.take();

        assertThat(new int[] {one.rtpPort(), two.rtpPort(), three.rtpPort(), again.rtpPort()})
                .containsExactly(first, first + 2, first + 4, first);
        assertThat(pool.portsInUse()).isEqualTo(6);
        giveBack(pool, two);
        giveBack(pool, three);
        giveBack(pool, again);
        assertThat(pool.portsInUse()).isZero();
    }

    @Test
    void shouldSkipPairsThatAreTakenInPart() throws IOException {
        int first = FreePorts.pairs(3);
        PortPool pool = new PortPool(loopback, new PortRange(first, first + 5, first));
        try (DatagramSocket rtp = new DatagramSocket(new InetSocketAddress(loopback, first));
                DatagramSocket rtcp = new DatagramSocket(new InetSocketAddress(loopback, first + 3))) {
            assertThat(rtp.isBound()).isTrue();
            assertThat(rtcp.isBound()).isTrue();
            PortPool.Pair only = pool.take();
            assertThat(only.rtpPort()).isEqualTo(first + 4);
            assertThatThrownBy(pool::take).isInstanceOf(RelayRefusalException.class);
            giveBack(pool, only);
        }
        for (int i = 0; i < 3; i++) {
            giveBack(pool, pool.take());
        }
        assertThat(FreePorts.allFree(first, first + 6)).isTrue();
    }

    @Test
    void shouldRefuseRangesWithoutAPair() {
        EmbeddedRelay.Builder builder = EmbeddedRelay.builder();

        assertThatThrownBy(() -> builder.portRange(4001, 4010)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.portRange(4000, 4000)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.portRange(4000, 70_000)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.bindAddress("localhost")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> EmbeddedRelay.builder().bindAddress("0.0.0.0").start())
                .isInstanceOf(IllegalArgumentException.class);
    }
}
