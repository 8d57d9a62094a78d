package io.mediaproxy.cli.pcap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mediaproxy.cli.pcap.CaptureFile.Format;
import java.io.File;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Wireshark reads the written captures, and calls of other programs are replayed. */
@Timeout(120)
class WiresharkTest {
    private static final long START = 1_700_000_000_000_000_000L;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path folder;

    @ParameterizedTest
    @EnumSource
    void shouldWriteCapturesWithoutWiresharkWarnings(Format format) throws Exception {
        needs("tshark");
        SipMessages call = new SipMessages("one@example.org", "10.0.0.10", "10.0.0.20");
        CaptureFile capture = new CaptureFile(format, 1)
                .packet(START, Frames.ethernet(Frames.udp("10.0.0.10", 5060, "10.0.0.20", 5060, call.invite(1))))
                .packet(
                        START,
                        Frames.ethernet(
                                Frames.udp("2001:db8::2", 5060, "2001:db8::1", 5060, call.answer("200 OK", 1)),
                                0x8100));
        Frames.fragments("10.0.0.10", 5060, "10.0.0.20", 5060, call.reInvite(2), 96)
                .forEach(packet -> capture.packet(START, Frames.ethernet(packet)));
        Frames.fragments("2001:db8::2", 5060, "2001:db8::1", 5060, call.answer("200 OK", 2), 96)
                .forEach(packet -> capture.packet(START, Frames.ethernet(packet)));
        Path written = Files.write(
                folder.resolve("written"), Replayed.of(capture.bytes()).output().bytes());

        assertThat(tshark(written, "-q", "-z", "expert,warn")).isBlank();
        assertThat(tshark(
                                written,
                                "-Y",
                                "sdp",
                                "-T",
                                "fields",
                                "-e",
                                "sdp.connection_info.address",
                                "-e",
                                "sdp.media.port")
                        .lines())
                .containsExactly("192.0.2.1\t16386", "192.0.2.1\t16384", "192.0.2.1\t16390", "192.0.2.1\t16388");
        assertThat(tshark(written, "-Y", "udp.checksum.status == 1 && ip.checksum.status == 1")
                        .lines())
                .hasSize(2);
    }

    @Test
    void shouldReplayCallsOfSippCapturedByTcpdump() throws Exception {
        needs("sipp");
        needs("tcpdump");
        int callee = freePort();
        int caller = freePort();
        Path captured = folder.resolve("captured.pcap");
        Process tcpdump = start(
                "tcpdump",
                "-i",
                "lo",
                "-U",
                "--immediate-mode",
                "-Z",
                "root",
                "-w",
                captured.toString(),
                "udp",
                "port",
                "" + callee);
        Process uas = start("sipp", "-sn", "uas", "-i", "127.0.0.1", "-p", "" + callee, "-m", "3", "-nostdin");
        try {
            // tcpdump writes the header of the file when it listens, or says that it may not.
            while (tcpdump.isAlive() && (!Files.exists(captured) || Files.size(captured) == 0)) {
                assumeTrue(!tcpdump.waitFor(20, TimeUnit.MILLISECONDS), "tcpdump may not capture here");
            }
            Process uac = start(
                    "sipp",
                    "-sn",
                    "uac",
                    "127.0.0.1:" + callee,
                    "-i",
                    "127.0.0.1",
                    "-p",
                    "" + caller,
                    "-m",
                    "3",
                    "-r",
                    "30",
                    "-d",
                    "50",
                    "-nostdin");
            assertThat(uac.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(uac.exitValue()).as("sipp's own verdict").isZero();
        } finally {
            uas.destroy();
            tcpdump.destroy();
            assertThat(uas.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(tcpdump.waitFor(20, TimeUnit.SECONDS)).isTrue();
        }

        Replayed replayed = Replayed.of(Files.readAllBytes(captured));

        assertThat(replayed.totals().calls()).isEqualTo(3);
        assertThat(replayed.totals().messagesRewritten()).isEqualTo(6);
        assertThat(replayed.totals().skipped()).isEmpty();
        assertThat(replayed.json().findValuesAsText("end")).allMatch(end -> end.startsWith("ended by BYE"));
        if (isInstalled("tshark")) {
            Path written =
                    Files.write(folder.resolve("written"), replayed.output().bytes());
            // The kernel leaves the checksums of what never leaves the machine unfinished; those that were rewritten
            // are right.
            assertThat(tshark(written, "-Y", "sdp && udp.checksum.status == 1").lines())
                    .hasSize(6);
        }
    }

    private static int freePort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private String tshark(Path capture, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "tshark", "-r", capture.toString(), "-o", "ip.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE"));
        command.addAll(List.of(arguments));
        Process process = start(command.toArray(new String[0]));
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue())
                .as(Files.readString(folder.resolve("tshark.err")))
                .isZero();
        return Files.readString(folder.resolve("tshark.out"), StandardCharsets.UTF_8);
    }

    private Process start(String... command) throws IOException {
        return new ProcessBuilder(command)
                .redirectOutput(file(command[0] + ".out"))
                .redirectError(file(command[0] + ".err"))
                .directory(folder.toFile())
                .start();
    }

    private File file(String name) {
        return folder.resolve(name).toFile();
    }

    private static void needs(String program) {
        assumeTrue(isInstalled(program), program + " is not installed");
    }

    private static boolean isInstalled(String program) {
        return List.of(System.getenv("PATH").split(File.pathSeparator, -1)).stream()
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
