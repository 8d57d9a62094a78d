package io.mediaproxy.cli.pcap;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.cli.pcap.CaptureFile.Format;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Messages in several IP packets. */
class FragmentsTest {
    private static final long START = 1_700_000_000_000_000_000L;
    private static final int PART = 104;
    private static final String INVITE = new SipMessages("one@example.org", "10.0.0.10", "10.0.0.20").invite(1);

    private final CaptureFile capture = new CaptureFile(Format.PCAP_LITTLE_MICROS, 101);

    private static List<byte[]> fragments(String from, String to) {
        return new ArrayList<>(Frames.fragments(from, 5060, to, 5060, INVITE, PART));
    }

    private static List<byte[]> fragments() {
        return fragments("10.0.0.10", "10.0.0.20");
    }

    private Replayed replayed(List<byte[]> packets) throws Exception {
        packets.forEach(packet -> capture.packet(START, packet));
        return Replayed.of(capture.bytes());
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.10, 10.0.0.20", "2001:db8::10, 2001:db8::20"})
    void shouldKeepTheNumberOfFragmentsOfARewrittenMessage(String from, String to) throws Exception {
        List<byte[]> packets = fragments(from, to);

        Replayed replayed = replayed(packets);

        int count = packets.size();
        assertThat(count).isGreaterThan(3);
        assertThat(replayed.totals()).isEqualTo(new Totals(count, count, 0, 0, 1, 0, 1, 0, 1, 0, List.of(), null));
        String relayed = SipMessages.relayed(INVITE, 16_386);
        int part = (relayed.length() + 8) / count / 8 * 8;
        CaptureFile expected = CaptureFile.asWritten(Format.PCAP_LITTLE_MICROS, 101);
        // The last part takes what is left over.
        Frames.fragments(from, 5060, to, 5060, relayed, part, count)
                .forEach(packet -> expected.rewrittenPacket(START, packet));
        assertThat(replayed.output().bytes()).isEqualTo(expected.bytes());
    }

    @Test
    void shouldReassembleFragmentsInAnyOrderAndRepeated() throws Exception {
        List<byte[]> packets = fragments();
        packets.add(packets.get(1));
        Collections.reverse(packets);

        Replayed replayed = replayed(packets);

        assertThat(replayed.totals().messagesRewritten()).isEqualTo(1);
        assertThat(replayed.totals().skipped()).isEmpty();
    }

    @Test
    void shouldCountADatagramThatLacksAFragment() throws Exception {
        List<byte[]> packets = fragments();
        packets.remove(2);

        Replayed replayed = replayed(packets);

        assertThat(replayed.totals().skipped())
                .extracting(CaptureTotals.Skipped::why)
                .containsExactly(Reassembly.INCOMPLETE);
        assertThat(replayed.output().bytes()).endsWith(packets.get(packets.size() - 1));
        assertThat(replayed.output().bytes()).hasSize(capture.bytes().length);
    }

    @Test
    void shouldNotWaitLongerThanThirtySecondsOfThePacketsTime() throws Exception {
        List<byte[]> packets = fragments();
        byte[] last = packets.remove(packets.size() - 1);
        packets.forEach(packet -> capture.packet(START, packet));
        capture.packet(START + TimeUnit.SECONDS.toNanos(31), last);

        // Both what was there and what came too late.
        assertThat(Replayed.of(capture.bytes()).totals().skipped())
                .containsExactly(new CaptureTotals.Skipped(Reassembly.INCOMPLETE, 2, packets.size() + 1));
    }

    @Test
    void shouldGiveUpADatagramWhoseFragmentsOverlap() throws Exception {
        List<byte[]> packets = fragments();
        packets.addAll(
                1,
                Frames.fragments("10.0.0.10", 5060, "10.0.0.20", 5060, INVITE, PART - 8)
                        .subList(1, 2));

        Replayed replayed = replayed(packets);

        assertThat(replayed.totals().sipMessages()).isZero();
        assertThat(replayed.totals().skipped())
                .extracting(CaptureTotals.Skipped::why)
                .containsExactly(Reassembly.CONTRADICTORY, Reassembly.INCOMPLETE);
    }

    @Test
    void shouldLimitIncompleteDatagrams() throws Exception {
        for (int i = 0; i < 2 * Reassembly.MAX_DATAGRAMS; i++) {
            capture.packet(
                    START,
                    fragments("10.0.0.10", "10.1." + (i >> 8) + "." + (i & 0xff))
                            .get(0));
        }

        Replayed replayed = Replayed.of(capture.bytes());

        assertThat(replayed.totals().skipped())
                .containsExactly(new CaptureTotals.Skipped(
                        Reassembly.INCOMPLETE, 2 * Reassembly.MAX_DATAGRAMS, Reassembly.MAX_DATAGRAMS + 1));
        assertThat(replayed.output().bytes()).hasSize(capture.bytes().length);
    }

    @Test
    void shouldKeepThePacketsBetweenFragmentsInTheirPlace() throws Exception {
        List<byte[]> packets = fragments();
        byte[] noise = Frames.udp("10.0.0.1", 1, "10.0.0.2", 2, "noise");
        packets.add(1, noise);

        byte[] written = replayed(packets).output().bytes();

        CaptureReader reader = CaptureReader.open(new CaptureInput(new ByteArrayInputStream(written)));
        assertThat(reader.next()).isNotNull();
        CaptureRecord second = reader.next();
        assertThat(Objects.requireNonNull(second).bytes().array()).endsWith(noise);
    }

    @Test
    void shouldNotRewriteFragmentsThatAreTooFarApart() throws Exception {
        List<byte[]> packets = fragments();
        byte[] noise = Frames.udp("10.0.0.1", 1, "10.0.0.2", 2, new byte[60_000]);
        packets.addAll(1, Collections.nCopies(300, noise));

        Replayed replayed = replayed(packets);

        assertThat(replayed.totals().messagesRewritten()).isEqualTo(1);
        assertThat(replayed.totals().skipped())
                .extracting(CaptureTotals.Skipped::why)
                .containsExactly(
                        "the fragments of a rewritten message are too far apart, and are written as they were");
        assertThat(replayed.output().bytes()).hasSize(capture.bytes().length);
    }
}
