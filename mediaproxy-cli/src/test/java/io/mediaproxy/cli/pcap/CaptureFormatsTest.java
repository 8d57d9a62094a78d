package io.mediaproxy.cli.pcap;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.cli.pcap.CaptureFile.Format;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Replays one call in every format and link type: only its SDP changes. */
class CaptureFormatsTest {
    private static final long START = 1_700_000_000_123_456_000L;
    private static final SipMessages CALL = new SipMessages("one@example.org", "10.0.0.10", "10.0.0.20");

    private record Link(String name, int type, UnaryOperator<byte[]> header) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Link> links() {
        return Stream.of(
                new Link("Ethernet", 1, Frames::ethernet),
                new Link("VLAN", 1, ip -> Frames.ethernet(ip, 0x8100)),
                new Link("QinQ", 1, ip -> Frames.ethernet(ip, 0x88a8, 0x8100)),
                new Link("old QinQ", 1, ip -> Frames.ethernet(ip, 0x9100, 0x8100)),
                new Link("SLL", 113, Frames::cooked),
                new Link("SLL2", 276, Frames::cooked2),
                new Link("null, little endian", 0, ip -> Frames.loopback(ip, ByteOrder.LITTLE_ENDIAN)),
                new Link("null, big endian", 0, ip -> Frames.loopback(ip, ByteOrder.BIG_ENDIAN)),
                new Link("loop", 108, ip -> Frames.loopback(ip, ByteOrder.BIG_ENDIAN)),
                new Link("raw", 101, ip -> ip));
    }

    static Stream<Arguments> linksAndAddresses() {
        return links().flatMap(link -> Stream.of(
                Arguments.of(link, "10.0.0.10", "10.0.0.20"), Arguments.of(link, "2001:db8::10", "2001:db8::20")));
    }

    @ParameterizedTest
    @MethodSource("linksAndAddresses")
    void shouldReadAndWriteEveryLinkType(Link link, String caller, String callee) throws Exception {
        shouldReadAndWrite(Format.PCAP_LITTLE_MICROS, link, caller, callee);
    }

    @ParameterizedTest
    @EnumSource
    void shouldReadAndWriteEveryFormat(Format format) throws Exception {
        shouldReadAndWrite(format, new Link("Ethernet", 1, Frames::ethernet), "10.0.0.10", "10.0.0.20");
    }

    private static void shouldReadAndWrite(Format format, Link link, String caller, String callee) throws Exception {
        String invite = CALL.invite(1);
        String ok = CALL.answer("200 OK", 1);
        byte[] bye = link.header().apply(Frames.udp(caller, 5060, callee, 5062, CALL.bye(2)));
        byte[] noise = link.header().apply(Frames.udp(caller, 4000, callee, 5000, new byte[] {(byte) 0x80, 0, 1}));
        byte[] capture = new CaptureFile(format, link.type())
                .packet(START, link.header().apply(Frames.udp(caller, 5060, callee, 5062, invite)))
                .packet(START + 1_000_000, link.header().apply(Frames.udp(callee, 5062, caller, 5060, ok)))
                .packet(START + 2_000_000, noise)
                .packet(START + 3_000_000, bye)
                .bytes();

        Replayed replayed = Replayed.of(capture);

        assertThat(replayed.totals()).isEqualTo(new Totals(4, 0, 0, 1, 3, 0, 1, 0, 2, 0, List.of(), null));
        assertThat(replayed.call(0).get("began").textValue()).isEqualTo("2023-11-14T22:13:20.123456Z");
        assertThat(replayed.call(0).get("seconds").doubleValue()).isEqualTo(0.003);
        assertThat(replayed.message(0, 0).get("from").textValue())
                .isEqualTo(caller.contains(":") ? "[" + caller + "]:5060" : caller + ":5060");
        assertThat(replayed.output().bytes())
                .isEqualTo(CaptureFile.asWritten(format, link.type())
                        .rewrittenPacket(
                                START,
                                link.header()
                                        .apply(Frames.udp(
                                                caller, 5060, callee, 5062, SipMessages.relayed(invite, 16_386))))
                        .rewrittenPacket(
                                START + 1_000_000,
                                link.header()
                                        .apply(Frames.udp(callee, 5062, caller, 5060, SipMessages.relayed(ok, 16_384))))
                        .packet(START + 2_000_000, noise)
                        .packet(START + 3_000_000, bye)
                        .bytes());
    }

    @Test
    void shouldReadInterfacesAndSectionsOfOneFile() throws Exception {
        byte[] invite = Frames.udp("10.0.0.10", 5060, "10.0.0.20", 5060, CALL.invite(1));
        byte[] ok = Frames.udp("10.0.0.20", 5060, "10.0.0.10", 5060, CALL.answer("200 OK", 1));
        byte[] bye = Frames.udp("10.0.0.10", 5060, "10.0.0.20", 5060, CALL.bye(2));
        CaptureFile capture = new CaptureFile(Format.PCAPNG_LITTLE, 1)
                .writeInterface(113)
                .packet(0, START, Frames.ethernet(invite), invite.length + 14)
                .packet(1, START, Frames.cooked(ok), ok.length + 16)
                .raw(new CaptureFile(Format.PCAPNG_BIG, 101).packet(START, bye).bytes());

        assertThat(Replayed.of(capture.bytes()).totals())
                .isEqualTo(new Totals(3, 0, 0, 0, 3, 0, 1, 0, 2, 0, List.of(), null));
    }

    @Test
    void shouldReadSimplePacketsAndRecogniseCutOnes() throws Exception {
        byte[] invite = Frames.ethernet(Frames.udp("10.0.0.10", 5060, "10.0.0.20", 5060, CALL.invite(1)));
        byte[] whole = Frames.ethernet(Frames.udp("10.0.0.10", 5060, "10.0.0.20", 5060, new byte[65_000]));
        byte[] cut = Arrays.copyOf(whole, CaptureFile.SNAPLEN);
        byte[] capture = new CaptureFile(Format.PCAPNG_BIG, 1)
                .simplePacket(invite, invite.length)
                .simplePacket(cut, 70_000)
                .bytes();

        Replayed replayed = Replayed.of(capture);
        assertThat(replayed.totals().messagesRewritten()).isEqualTo(1);
        assertThat(Replayed.of(replayed.output().bytes()).totals().packets()).isEqualTo(2);
        assertThat(Replayed.of(replayed.output().bytes()).totals().damage()).isNull();
    }

    @Test
    void shouldUpdateTheFrameCheckSequenceAndKeepOtherTrailers() throws Exception {
        byte[] invite = Frames.ethernet(Frames.udp("10.0.0.10", 5060, "10.0.0.20", 5060, CALL.invite(1)));
        byte[] relayed = Frames.ethernet(
                Frames.udp("10.0.0.10", 5060, "10.0.0.20", 5060, SipMessages.relayed(CALL.invite(1), 16_386)));

        assertThat(written(withCheckSequence(invite))).isEqualTo(withCheckSequence(relayed));
        assertThat(written(Frames.joined(invite, new byte[] {1, 2, 3, 4, 5})))
                .isEqualTo(Frames.joined(relayed, new byte[] {1, 2, 3, 4, 5}));
    }

    private static byte[] written(byte[] frame) throws Exception {
        byte[] capture =
                new CaptureFile(Format.PCAP_BIG_MICROS, 1).packet(START, frame).bytes();
        byte[] written = Replayed.of(capture).output().bytes();
        return Arrays.copyOfRange(written, 24 + 16, written.length);
    }

    private static byte[] withCheckSequence(byte[] frame) {
        CRC32 crc = new CRC32();
        crc.update(frame);
        return ByteBuffer.allocate(frame.length + 4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(frame)
                .putInt((int) crc.getValue())
                .array();
    }

    @Test
    void shouldReadTimeInTheResolutionOfEachInterface() {
        assertThat(new PcapNgInterface(1, 0, 6, 0).nanos(1_500_000)).isEqualTo(1_500_000_000);
        assertThat(new PcapNgInterface(1, 0, 9, 0).nanos(17)).isEqualTo(17);
        assertThat(new PcapNgInterface(1, 0, 12, 0).nanos(17_000)).isEqualTo(17);
        assertThat(new PcapNgInterface(1, 0, 0x80 | 10, 0).nanos(1536)).isEqualTo(1_500_000_000);
        assertThat(new PcapNgInterface(1, 0, 0, 10).nanos(1)).isEqualTo(11_000_000_000L);
        assertThat(new PcapNgInterface(1, 0, 0, 0).nanos(-1)).isEqualTo(Long.MAX_VALUE);
        assertThat(new PcapNgInterface(1, 0, 0x7f, Long.MIN_VALUE).nanos(-1)).isZero();
    }

    @Test
    void shouldWriteIpv6AddressesAsInRfc5952() {
        byte[] address = new byte[16];
        assertThat(Endpoint.of(ByteBuffer.wrap(address), 1)).hasToString("[::]:1");
        address[15] = 1;
        assertThat(Endpoint.of(ByteBuffer.wrap(address), 1)).hasToString("[::1]:1");
        address[0] = 0x20;
        address[7] = 2;
        assertThat(Endpoint.of(ByteBuffer.wrap(address), 1)).hasToString("[2000:0:0:2::1]:1");
        Arrays.fill(address, (byte) 0x11);
        assertThat(Endpoint.of(ByteBuffer.wrap(address), 1)).hasToString("[1111:1111:1111:1111:1111:1111:1111:1111]:1");
    }
}
