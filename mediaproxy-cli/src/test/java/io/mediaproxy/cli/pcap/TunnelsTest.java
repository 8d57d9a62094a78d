package io.mediaproxy.cli.pcap;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.cli.pcap.CaptureFile.Format;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** SIP in other packets: read and written back with all lengths and checksums, or counted by the name of the tunnel. */
class TunnelsTest {
    private static final long START = 1_700_000_000_000_000_000L;
    private static final SipMessages CALL = new SipMessages("one@example.org", "10.0.0.10", "10.0.0.20");
    private static final byte[] NONE = {};

    private record Tunnel(String name, int linkType, UnaryOperator<byte[]> header) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static byte[] udp(String message) {
        return Frames.udp("10.0.0.10", 5060, "10.0.0.20", 5060, message);
    }

    private static byte[] udp6(String message) {
        return Frames.udp("2001:db8::10", 5060, "2001:db8::20", 5060, message);
    }

    static Stream<Tunnel> read() {
        return Stream.of(
                new Tunnel("MPLS", 1, Frames::mpls),
                new Tunnel("PPPoE", 1, Frames::pppoe),
                new Tunnel("PPPoE, GRE", 1, ip -> Frames.pppoe(Frames.gre(0, NONE, ip))),
                new Tunnel("IP in IPv4", 101, ip -> Frames.tunnel("172.16.0.1", "172.16.0.2", ip)),
                new Tunnel("IP in IPv6", 101, ip -> Frames.tunnel("2001:db8::1", "2001:db8::2", ip)),
                new Tunnel(
                        "IP in IP in IP",
                        1,
                        ip -> Frames.ethernet(Frames.tunnel(
                                "2001:db8::1", "2001:db8::2", Frames.tunnel("172.16.0.1", "172.16.0.2", ip)))),
                new Tunnel("GRE", 101, ip -> Frames.gre(0, NONE, ip)),
                new Tunnel("GRE with key and number", 101, ip -> Frames.gre(0x3000, new byte[8], ip)));
    }

    @ParameterizedTest
    @MethodSource("read")
    void shouldReadAndRewriteAMessageInATunnel(Tunnel tunnel) throws Exception {
        String relayed = SipMessages.relayed(CALL.invite(1), 16_386);
        assertThat(written(tunnel, udp(CALL.invite(1)))).isEqualTo(expected(tunnel, udp(relayed)));
        assertThat(written(tunnel, udp6(CALL.invite(1)))).isEqualTo(expected(tunnel, udp6(relayed)));
    }

    private static byte[] written(Tunnel tunnel, byte[] ip) throws Exception {
        Replayed replayed = Replayed.of(new CaptureFile(Format.PCAP_BIG_NANOS, tunnel.linkType())
                .packet(START, tunnel.header().apply(ip))
                .bytes());
        assertThat(replayed.totals().messagesRewritten()).isEqualTo(1);
        return replayed.output().bytes();
    }

    private static byte[] expected(Tunnel tunnel, byte[] ip) {
        return CaptureFile.asWritten(Format.PCAP_BIG_NANOS, tunnel.linkType())
                .rewrittenPacket(START, tunnel.header().apply(ip))
                .bytes();
    }

    @Test
    void shouldReadFragmentsInATunnel() throws Exception {
        CaptureFile capture = new CaptureFile(Format.PCAP_BIG_NANOS, 1);
        Frames.fragments("10.0.0.10", 5060, "10.0.0.20", 5060, CALL.invite(1), 200)
                .forEach(fragment -> capture.packet(START, Frames.pppoe(fragment)));

        assertThat(Replayed.of(capture.bytes()).totals().messagesRewritten()).isEqualTo(1);
    }

    @Test
    void shouldCountTunnelsThatItDoesNotRead() throws Exception {
        byte[] ip = udp(CALL.invite(1));
        byte[] vxlan = ByteBuffer.allocate(8).putInt(0x0800_0000).putInt(0x700).array();
        byte[] ethernetInGre = Frames.gre(0, NONE, ip);
        ethernetInGre[22] = 0x65;
        ethernetInGre[23] = 0x58;
        byte[] deep = ip;
        for (int i = 0; i < 10; i++) {
            deep = Frames.tunnel("172.16.0.1", "172.16.0.2", deep);
        }
        byte[] outerFragment = Frames.tunnel("172.16.0.1", "172.16.0.2", ip);
        outerFragment[6] = 0x20;
        byte[] pseudowire = Frames.joined(new byte[4], Frames.ethernet(ip));
        CaptureFile capture = new CaptureFile(Format.PCAPNG_LITTLE, 1)
                .packet(START, Frames.ethernet(Frames.gre(0x8000, new byte[4], ip)))
                .packet(START, Frames.ethernet(Frames.gre(1, NONE, ip)))
                .packet(START, Frames.ethernet(ethernetInGre))
                .packet(
                        START,
                        Frames.ethernet(Frames.udp(
                                "172.16.0.1", 49_152, "172.16.0.2", 4789, Frames.joined(vxlan, Frames.ethernet(ip)))))
                .packet(START, Frames.ethernet(deep))
                .packet(START, Frames.ethernet(outerFragment))
                .packet(START, Frames.mpls(pseudowire));

        Totals totals = Replayed.of(capture.bytes()).totals();

        assertThat(totals)
                .isEqualTo(new Totals(
                        7,
                        0,
                        0,
                        0,
                        0,
                        0,
                        0,
                        0,
                        0,
                        0,
                        List.of(
                                new CaptureTotals.Skipped("encapsulated: GRE", 3, 1),
                                new CaptureTotals.Skipped("encapsulated: VXLAN", 1, 4),
                                new CaptureTotals.Skipped("encapsulated: IP in IP", 2, 5),
                                new CaptureTotals.Skipped("encapsulated: MPLS", 1, 7)),
                        null));
    }

    @Test
    void shouldSkipPacketsThatAreLongerThanTheTunnel() throws Exception {
        byte[] pppoe = Frames.pppoe(udp(CALL.invite(1)));
        pppoe[18] = 0;
        byte[] inner = Frames.gre(0, NONE, udp(CALL.invite(1)));
        inner[26] = 0x7f;
        byte[] shortGre = Frames.ip("172.16.0.1", "172.16.0.2", 47, new byte[3]);
        byte[] control = Frames.pppoe(udp(CALL.invite(1)));
        control[20] = (byte) 0xc0;
        CaptureFile capture = new CaptureFile(Format.PCAPNG_LITTLE, 1)
                .packet(START, pppoe)
                .packet(START, Frames.ethernet(inner))
                .packet(START, Frames.ethernet(shortGre))
                .packet(START, control)
                .packet(START, Arrays.copyOf(pppoe, 20));

        Totals totals = Replayed.of(capture.bytes()).totals();

        assertThat(totals.sipMessages()).isZero();
        assertThat(totals.notUdp()).isEqualTo(1);
        assertThat(totals.skipped())
                .containsExactly(
                        new CaptureTotals.Skipped("an IP packet is longer than its frame", 2, 1),
                        new CaptureTotals.Skipped("encapsulated: GRE", 1, 3),
                        new CaptureTotals.Skipped("a frame is shorter than its header", 1, 5));
    }
}
