package io.mediaproxy.cli.pcap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mediaproxy.cli.pcap.CaptureFile.Format;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Damaged and malicious files: only a file that is no capture throws, and all readable records are written. */
@Timeout(120)
class HostileCaptureTest {
    private static final long START = 1_700_000_000_000_000_000L;
    private static final SipMessages CALL = new SipMessages("one@example.org", "10.0.0.10", "10.0.0.20");
    private static final int MUTANTS = 5_000;
    private static final int REPLAYED_MUTANTS = 200;

    private static byte[] capture(Format format) {
        CaptureFile file = new CaptureFile(format, 1)
                .packet(
                        START,
                        Frames.ethernet(Frames.udp("10.0.0.10", 5060, "10.0.0.20", 5060, CALL.invite(1)), 0x8100))
                .packet(
                        START,
                        Frames.ethernet(
                                Frames.udp("2001:db8::2", 5060, "2001:db8::1", 5060, CALL.answer("200 OK", 1))));
        Frames.fragments("2001:db8::1", 5060, "2001:db8::2", 5060, CALL.reInvite(2), 200)
                .forEach(packet -> file.packet(START, Frames.ethernet(packet)));
        Frames.fragments("10.0.0.20", 5060, "10.0.0.10", 5060, CALL.answer("200 OK", 2), 200)
                .forEach(packet -> file.packet(START, Frames.ethernet(packet)));
        byte[] info = Frames.udp("10.0.0.10", 5060, "10.0.0.20", 5060, "OPTIONS sip:a@b SIP/2.0\r\n\r\n");
        file.packet(
                START, Frames.pppoe(Frames.gre(0x2000, new byte[4], Frames.tunnel("172.16.0.3", "172.16.0.4", info))));
        file.packet(START, Frames.mpls(Frames.tunnel("2001:db8::3", "2001:db8::4", info)));
        return file.packet(START, Frames.ethernet(Frames.udp("10.0.0.10", 5060, "10.0.0.20", 5060, CALL.bye(3))))
                .bytes();
    }

    /** Takes a capture through all layers but the dispatcher, and gives what was written; null: it is no capture. */
    private static byte @Nullable [] passed(byte[] capture) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        RewrittenCapture rewritten = new RewrittenCapture(out);
        Reassembly reassembly = new Reassembly(why -> assertThat(why).isNotEmpty());
        CaptureReader reader;
        try {
            reader = CaptureReader.open(new CaptureInput(new ByteArrayInputStream(capture)));
        } catch (CaptureException e) {
            assertThat(e).hasMessageStartingWith("it is");
            return null;
        }
        try {
            for (CaptureRecord record = reader.header(); record != null; record = reader.next()) {
                pass(record, rewritten.add(record), reassembly);
                rewritten.write();
            }
        } catch (CaptureException e) {
            assertThat(e.offset()).isBetween(0L, (long) capture.length);
        }
        reassembly.finish();
        rewritten.finish();
        return out.toByteArray();
    }

    private static void pass(CaptureRecord record, RewrittenCapture.Place place, Reassembly reassembly) {
        CaptureRecord.CapturedPacket packet = record.packet();
        if (packet == null) {
            place.release();
            return;
        }
        Datagram datagram = null;
        if (LinkLayer.read(packet.linkType(), packet.frame(), packet.isCut()) instanceof IpPacket ip
                && ip.protocol() == IpPacket.UDP) {
            Datagram.Part part = new Datagram.Part(ip, place);
            datagram = ip.fragment().isWhole()
                    ? Datagram.of(List.of(part), ip.payload())
                    : reassembly.add(part, packet.nanos());
            if (!ip.fragment().isWhole() && datagram == null) {
                return; // it waits
            }
        }
        if (datagram == null) {
            place.release();
            return;
        }
        assertThat(datagram.source().port()).isNotNegative();
        byte[] payload = new byte[datagram.payload().limit()];
        datagram.payload().get(payload);
        for (ByteBuffer each : datagram.framesWith(payload)) {
            assertThat(packet.framing().apply(each).limit()).isGreaterThanOrEqualTo(each.limit());
        }
        datagram.parts().forEach(part -> part.place().release());
    }

    @ParameterizedTest
    @EnumSource
    void shouldReadEveryPrefixUpToItsEnd(Format format) throws Exception {
        byte[] capture = capture(format);
        byte[] whole = passed(capture);
        assertThat(whole).isNotNull().hasSize(capture.length);
        for (int length = 0; length < capture.length; length++) {
            byte[] written = passed(Arrays.copyOf(capture, length));
            if (written != null) {
                assertThat(written).isEqualTo(Arrays.copyOf(whole, written.length));
                assertThat(written.length).isLessThanOrEqualTo(length);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldNotThrowForRandomMutants(Format format) throws Exception {
        byte[] capture = capture(format);
        Random random = new Random(format.name().hashCode());
        for (int i = 0; i < MUTANTS; i++) {
            byte[] written = passed(mutant(capture, random));
            assertThat(written == null || written.length <= capture.length).isTrue();
        }
    }

    @Test
    void shouldReplayRandomMutants() throws Exception {
        Random random = new Random(17);
        for (int i = 0; i < REPLAYED_MUTANTS; i++) {
            byte[] capture = mutant(capture(i % 2 == 0 ? Format.PCAP_LITTLE_MICROS : Format.PCAPNG_LITTLE), random);
            try {
                Totals totals = Replayed.of(capture).totals();
                assertThat(totals.sipMessages()).isLessThanOrEqualTo(totals.packets());
            } catch (CaptureException e) {
                assertThat(e).hasMessageStartingWith("it is");
            }
        }
    }

    /** A few bytes are others; in half of the mutants the edges of numbers. */
    private static byte[] mutant(byte[] capture, Random random) {
        byte[] mutant = capture.clone();
        byte[] edges = {0, 1, 0x7f, (byte) 0x80, (byte) 0xff};
        for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
            boolean edge = random.nextBoolean();
            mutant[random.nextInt(mutant.length)] =
                    edge ? edges[random.nextInt(edges.length)] : (byte) random.nextInt();
        }
        return mutant;
    }

    @Test
    void shouldReportWhereAFileIsCutAndShowTheRest() throws Exception {
        byte[] capture = capture(Format.PCAP_BIG_MICROS);
        Totals totals = Replayed.of(Arrays.copyOf(capture, capture.length - 1)).totals();

        int lastRecord = capture.length - 16 - 34 - 8 - CALL.bye(3).length();
        assertThat(totals.damage())
                .isEqualTo(new CaptureTotals.Damage(lastRecord, "it ends in the middle of a packet"));
        assertThat(totals.sipMessages()).isEqualTo(6);
    }

    @Test
    void shouldRejectAnImpossibleLength() throws Exception {
        byte[] huge = new CaptureFile(Format.PCAP_BIG_MICROS, 1)
                .packet(START, new byte[60])
                .bytes();
        ByteBuffer.wrap(huge).putInt(24 + 8, 0x7fff_ffff);
        assertThat(Replayed.of(huge).totals().damage())
                .isEqualTo(new CaptureTotals.Damage(
                        24, "a packet of 2147483647 bytes is not possible, the limit is 262144"));

        byte[] negative = new CaptureFile(Format.PCAPNG_LITTLE, 1)
                .packet(START, new byte[60])
                .bytes();
        int block = negative.length - 112;
        ByteBuffer.wrap(negative).order(ByteOrder.LITTLE_ENDIAN).putInt(block + 4, -4);
        assertThat(Replayed.of(negative).totals().damage())
                .isEqualTo(new CaptureTotals.Damage(
                        block, "a block of 4294967292 bytes is not possible, the limit is 16777216"));
    }

    @Test
    void shouldSkipAPacketThatIsLongerThanItsBlock() throws Exception {
        byte[] ip = Frames.udp("10.0.0.10", 5060, "10.0.0.20", 5060, CALL.invite(1));
        CaptureFile file = new CaptureFile(Format.PCAPNG_BIG, 101);
        byte[] body = CaptureFile.content(
                file.buffer(20).putInt(0).putLong(0).putInt(100).putInt(100));
        byte[] unknown = CaptureFile.content(
                file.buffer(20).putInt(7).putLong(0).putInt(0).putInt(0));
        byte[] capture = file.raw(file.block(6, body))
                .raw(file.block(6, unknown))
                .raw(file.block(6, new byte[4]))
                .raw(file.block(4711, new byte[8]))
                .packet(START, ip)
                .bytes();

        assertThat(Replayed.of(capture).totals())
                .isEqualTo(new Totals(
                        4,
                        0,
                        0,
                        0,
                        1,
                        0,
                        1,
                        0,
                        1,
                        0,
                        List.of(
                                new CaptureTotals.Skipped("a pcapng packet is longer than its block", 1, 1),
                                new CaptureTotals.Skipped("the interface of a pcapng packet is not described", 1, 2),
                                new CaptureTotals.Skipped("a pcapng packet block is too short", 1, 3)),
                        null));
    }

    @Test
    void shouldCountBrokenPacketsByTheirReasons() throws Exception {
        byte[] udp = Frames.udp("10.0.0.10", 5060, "10.0.0.20", 5060, CALL.invite(1));
        byte[] longer = udp.clone();
        longer[2] = 0x7f;
        byte[] shortHeader = udp.clone();
        shortHeader[0] = 0x41;
        byte[] badUdp = udp.clone();
        badUdp[24] = 0x7f;
        byte[] tcp = udp.clone();
        tcp[9] = 6;
        byte[] nothing = udp.clone();
        nothing[0] = 0x75;
        byte[] extension = Frames.udp("2001:db8::1", 1, "2001:db8::2", 2, "0123456789");
        extension[6] = 0;
        extension[41] = 100;
        byte[] routed = Frames.udp("2001:db8::1", 1, "2001:db8::2", 2, "0123456789");
        routed[6] = 43;
        CaptureFile file = new CaptureFile(Format.PCAP_LITTLE_MICROS, 101)
                .packet(0, START, Arrays.copyOf(udp, 100), udp.length)
                .packet(START, longer)
                .packet(START, shortHeader)
                .packet(START, badUdp)
                .packet(START, tcp)
                .packet(START, nothing)
                .packet(START, new byte[0])
                .packet(START, extension)
                .packet(START, routed);

        Totals totals = Replayed.of(file.bytes()).totals();

        assertThat(totals.notUdp()).isEqualTo(2);
        assertThat(totals.skipped())
                .extracting(CaptureTotals.Skipped::why)
                .containsExactly(
                        "the capture has only the beginning of the packet",
                        "an IP packet is longer than its frame",
                        "an IPv4 header has an impossible length",
                        "a UDP header has an impossible length",
                        "an IP packet is neither of version 4 nor 6",
                        "there is no IP packet in the frame",
                        "an IPv6 extension header is longer than its packet");
        assertThat(Replayed.of(new CaptureFile(Format.PCAP_LITTLE_MICROS, 105)
                                .packet(START, udp)
                                .bytes())
                        .totals()
                        .skipped())
                .containsExactly(new CaptureTotals.Skipped("the link type is not one that is read", 1, 1));
    }

    @Test
    void shouldNotRewriteAMessageThatBecomesTooLong() throws Exception {
        String invite = new SipMessages("one@example.org", "1.1.1.1", "1.1.1.2").invite(1);
        int longest = 65_535 - 20 - 8;
        StringBuilder filler = new StringBuilder();
        int length = longest - invite.length();
        while (filler.length() < length) { // a header field has at most 8 KiB
            int field = Math.min(8000, length - filler.length());
            int next = length - filler.length() - field;
            field -= next > 0 && next < 20 ? 20 : 0;
            filler.append("X-Filler: ").append("x".repeat(field - 12)).append("\r\n");
        }
        byte[] udp = Frames.udp("10.0.0.10", 5060, "10.0.0.20", 5060, invite.replace("Via:", filler + "Via:"));
        byte[] capture = new CaptureFile(Format.PCAP_LITTLE_MICROS, 101)
                .packet(START, udp)
                .bytes();

        Replayed replayed = Replayed.of(capture);

        assertThat(replayed.totals().skipped())
                .containsExactly(new CaptureTotals.Skipped(
                        "a rewritten message is too long for a datagram, and is written as it was", 1, 1));
        assertThat(replayed.output().bytes()).endsWith(udp);
    }

    @Test
    void shouldRejectOtherFiles() {
        refused("", "it is empty");
        refused("abc", "it is no capture file: it has 3 bytes");
        refused("INVITE sip:a@b SIP/2.0", "it is no capture file: neither pcap nor pcapng begins with 0x494e5649");
        assertThatThrownBy(() -> Replayed.of(Arrays.copyOf(capture(Format.PCAP_BIG_NANOS), 20)))
                .isInstanceOf(CaptureException.class)
                .hasMessage("it is no capture file: it ends within the header of a pcap file");
        assertThatThrownBy(() -> Replayed.of(Arrays.copyOf(capture(Format.PCAPNG_LITTLE), 20)))
                .isInstanceOf(CaptureException.class)
                .hasMessage("it is no capture file: in the header of a pcapng file, it ends in the middle of a block");
        byte[] old = capture(Format.PCAP_BIG_NANOS);
        old[5] = 3;
        assertThatThrownBy(() -> Replayed.of(old))
                .isInstanceOf(CaptureException.class)
                .hasMessage("it is a pcap file of version 3, only version 2 is read");
    }

    private static void refused(String text, String why) {
        assertThatThrownBy(() -> Replayed.of(text.getBytes(StandardCharsets.US_ASCII)))
                .isInstanceOf(CaptureException.class)
                .hasMessage(why);
    }
}
