package io.mediaproxy.cli.pcap;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.mediaproxy.cli.pcap.CaptureRecord.CapturedPacket;
import io.mediaproxy.cli.pcap.Datagram.Part;
import io.mediaproxy.cli.pcap.RewrittenCapture.Place;
import io.mediaproxy.session.sip.SipSyntaxException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.provider.MethodSource;

/** Reads capture files down to their SIP messages, and writes each message back into its packets. */
class CaptureFuzzTest {
    private final List<String> skipped = new ArrayList<>();
    private final Reassembly reassembly = new Reassembly(skipped::add);

    static Stream<byte[]> captures() throws IOException {
        Path root = Path.of(System.getProperty("mediaproxy.root"));
        List<byte[]> captures = new ArrayList<>();
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(root.resolve("mediaproxy-cli/src/test/resources/captures"), "*.pcap*")) {
            for (Path file : files) {
                captures.add(Files.readAllBytes(file));
            }
        }
        return captures.stream();
    }

    @MethodSource("captures")
    @FuzzTest
    void shouldReadEveryFile(byte[] file) throws IOException {
        byte[] copy = copy(file);
        assertThat(copy.length).isLessThanOrEqualTo(file.length);
        assertThat(copy(copy)).isEqualTo(copy); // the reader raises the length limit in the header of the first
    }

    /** Reads a file up to its end, or to where it is damaged. Returns the records. */
    private byte[] copy(byte[] file) throws IOException {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        CaptureInput input = new CaptureInput(new ByteArrayInputStream(file));
        skipped.clear();
        try {
            CaptureReader reader = CaptureReader.open(input);
            for (CaptureRecord record = reader.header(); record != null; record = reader.next()) {
                ByteBuffer bytes = record.bytes();
                written.write(bytes.array(), bytes.arrayOffset(), bytes.limit());
                take(record);
            }
            assertThat(written.size()).isEqualTo(file.length);
        } catch (CaptureException e) {
            assertThat(e.getMessage()).isNotEmpty();
            assertThat(e.offset()).isLessThanOrEqualTo(file.length);
        }
        reassembly.finish();
        assertThat(skipped).doesNotContainNull();
        return written.toByteArray();
    }

    private void take(CaptureRecord record) {
        CapturedPacket packet = record.packet();
        if (packet == null) {
            return;
        }
        FrameContent content = LinkLayer.read(packet.linkType(), packet.frame(), packet.isCut());
        if (content instanceof IpPacket ip && ip.protocol() == IpPacket.UDP) {
            Part part = new Part(ip, place(record));
            Datagram datagram = ip.fragment().isWhole()
                    ? Datagram.of(List.of(part), ip.payload())
                    : reassembly.add(part, packet.nanos());
            if (datagram != null) {
                rewrite(datagram, packet.nanos());
            }
        }
    }

    private static Place place(CaptureRecord record) {
        return new RewrittenCapture(null).add(record);
    }

    private static void rewrite(Datagram datagram, long nanos) {
        byte[] payload = new byte[datagram.payload().remaining()];
        datagram.payload().get(payload);
        List<ByteBuffer> frames = datagram.framesWith(payload);
        if (!frames.isEmpty()) {
            assertThat(frames).hasSameSizeAs(datagram.parts());
            for (int i = 0; i < frames.size(); i++) {
                datagram.parts().get(i).place().replace(frames.get(i));
            }
        }
        CapturedMessage message = message(datagram, nanos);
        if (message != null) {
            assertThat(message.label()).isNotNull();
            assertThat(message.hasSdp() && message.sip().bodyLength() == 0).isFalse();
        }
    }

    private static @Nullable CapturedMessage message(Datagram datagram, long nanos) {
        try {
            return CapturedMessage.read(1, nanos, datagram);
        } catch (SipSyntaxException e) {
            assertThat(e.getMessage()).isNotEmpty();
            return null;
        }
    }
}
