package io.mediaproxy.cli;

import static io.mediaproxy.cli.Ran.mediaproxy;
import static io.mediaproxy.cli.Ran.mediaproxyReading;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PcapCommandTest {
    private static final String NEWLINE = System.lineSeparator();

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path folder;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Path file;

    @BeforeEach
    void capture() throws IOException {
        file = Files.write(folder.resolve("call.pcap"), call());
    }

    private static byte[] call() {
        return joined(
                header(),
                packet(0, (byte) 10, (byte) 20, invite()),
                packet(20_000, (byte) 20, (byte) 10, busy()),
                packet(30_000, (byte) 1, (byte) 2, "RTP"));
    }

    private static String invite() {
        return message(
                "INVITE sip:b@example.org SIP/2.0",
                "",
                "v=0\r\no=- 1 1 IN IP4 10.0.0.10\r\ns=-\r\nc=IN IP4 10.0.0.10\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n");
    }

    private static String busy() {
        return message("SIP/2.0 486 Busy \u001b[31mHere", ";tag=b", "");
    }

    private static String message(String startLine, String toTag, String body) {
        return String.join(
                "\r\n",
                startLine,
                "From: <sip:a@example.org>;tag=a",
                "To: <sip:b@example.org>" + toTag,
                "Call-ID: one@example.org",
                "CSeq: 1 INVITE",
                "Content-Type: application/sdp",
                "Content-Length: " + body.length(),
                "",
                body);
    }

    private static byte[] header() {
        return ByteBuffer.allocate(24)
                .putInt(0xa1b2c3d4)
                .putShort((short) 2)
                .putShort((short) 4)
                .putLong(0)
                .putInt(65_535)
                .putInt(228)
                .array();
    }

    private static byte[] packet(int micros, byte from, byte to, String payload) {
        int length = 28 + payload.length();
        return ByteBuffer.allocate(16 + length)
                .putInt(1_700_000_000)
                .putInt(micros)
                .putInt(length)
                .putInt(length)
                .putInt(0x45000000 | length)
                .putInt(0)
                .putInt(0x40110000)
                .put(new byte[] {10, 0, 0, from, 10, 0, 0, to})
                .putShort((short) 5060)
                .putShort((short) 5060)
                .putShort((short) (8 + payload.length()))
                .putShort((short) 0)
                .put(payload.getBytes(StandardCharsets.ISO_8859_1))
                .array();
    }

    private static byte[] joined(byte[]... parts) {
        ByteBuffer all = ByteBuffer.allocate(
                Arrays.stream(parts).mapToInt(part -> part.length).sum());
        byte[] bytes = new byte[all.capacity()];
        for (byte[] part : parts) {
            all.put(part);
        }
        all.flip().get(bytes);
        return bytes;
    }

    @Test
    void shouldShowTheCallTheCommandsAndTheEdits() {
        Ran ran = mediaproxy("pcap", file.toString());

        assertThat(ran.err()).isEmpty();
        assertThat(ran.exitCode()).isZero();
        assertThat(ran.out().lines())
                .containsExactly(
                        "Call 1: one@example.org",
                        "-----------------------",
                        "  from   <sip:a@example.org>;tag=a",
                        "  to     <sip:b@example.org>",
                        "  began  2023-11-14T22:13:20Z, 0.02 s, ended by 486 Busy \\u{1b}[31mHere in packet 2",
                        "",
                        "  A 10.0.0.10:5060",
                        "  B 10.0.0.20:5060",
                        "",
                        "  packet         s  A                                B",
                        "       1     0.000  |-------- INVITE + SDP --------->|",
                        "       2     0.020  |<--- 486 Busy \\u{1b}[31mHere ---|",
                        "",
                        "  packet 1, INVITE: relay 192.0.2.1 16386",
                        "    sent to the dispatcher: update, type: request, cseq: 1, media: "
                                + "audio:10.0.0.10:4000:sendrecv:ice=no",
                        "    line  before     after      why",
                        "       4  10.0.0.10  192.0.2.1  media of the session goes to the relay",
                        "       6  4000       16386      the relay's RTP port for this stream",
                        "",
                        "  packet 2, 486 Busy \\u{1b}[31mHere: the session is removed",
                        "    sent to the dispatcher: remove",
                        "",
                        "Totals",
                        "------",
                        "  packets        3: 0 not UDP, 1 UDP without SIP, 0 fragments",
                        "  SIP messages   2: 1 rewritten, 0 failed, 0 of no call that begins in the capture",
                        "  calls          1: 0 given up",
                        "  skipped        0");
    }

    @Test
    void shouldShowWholeCommandsAndUseTheRelayAndCandidateOptions() {
        Ran ran = mediaproxy(
                "pcap", "--show-command", "--relay=203.0.113.7", "--ice-candidate=low-priority", file.toString());

        assertThat(ran.out()).contains("relay 203.0.113.7 16386").contains("      signaling_ip: 10.0.0.10" + NEWLINE);
    }

    @Test
    void shouldWriteOneJsonObject() throws Exception {
        Ran ran = mediaproxyReading(call(), "pcap", "--json", "-");

        JsonNode json = new ObjectMapper().readTree(ran.out());
        assertThat(ran.err()).isEmpty();
        assertThat(json.fieldNames()).toIterable().containsExactly("calls", "totals");
        assertThat(json.at("/calls/0/call_id").textValue()).isEqualTo("one@example.org");
        assertThat(json.at("/calls/0/messages/0/return_code").isMissingNode()).isTrue();
        assertThat(json.at("/calls/0/messages/0/outcome").textValue()).isEqualTo("REWRITTEN");
        assertThat(json.at("/calls/0/messages/0/commands/0").textValue()).startsWith("update\r\n");
        assertThat(json.at("/calls/0/messages/0/unrelayed_streams")).isEmpty();
        assertThat(json.at("/totals/messages_rewritten").intValue()).isOne();
        assertThat(json.at("/totals/damage").isNull()).isTrue();
    }

    @Test
    void shouldWriteTheCaptureWithTheRewrittenMessage() throws Exception {
        Path out = folder.resolve("out.pcap");
        assertThat(mediaproxy("pcap", "--write", out.toString(), file.toString())
                        .exitCode())
                .isZero();

        assertThat(Files.readString(out, StandardCharsets.ISO_8859_1))
                .contains("c=IN IP4 192.0.2.1\r\n", "m=audio 16386 RTP/AVP 0\r\n", "RTP");
        assertThat(mediaproxy("pcap", out.toString()).out()).contains("SIP messages   2");
    }

    @Test
    void shouldShowADamagedCaptureUpToTheDamage() throws Exception {
        byte[] cut = Arrays.copyOf(call(), call().length - 1);
        Ran ran = mediaproxyReading(cut, "pcap", "-");

        assertThat(ran.exitCode()).isZero();
        assertThat(ran.out()).contains("Call 1: one@example.org", "  damaged        at byte ");
        assertThat(ran.err())
                .isEqualTo("mediaproxy: standard input is damaged at byte " + (call().length - 47)
                        + ": it ends in the middle of a packet; the output has what is before" + NEWLINE);
    }

    @Test
    void shouldExitWithTwoForOtherFiles() throws Exception {
        Path text = Files.writeString(folder.resolve("text"), "not a capture");
        Path empty = Files.createFile(folder.resolve("empty"));

        badInput("no such file: missing", "pcap", "missing");
        badInput(folder + " cannot be read: it is a directory", "pcap", folder.toString());
        badInput(empty + " cannot be read: it is empty", "pcap", empty.toString());
        badInput(
                text + " cannot be read: it is no capture file: neither pcap nor pcapng begins with 0x6e6f7420",
                "pcap",
                text.toString());
        badInput(
                "invalid --max-calls \"0\": expected 1 to 100000 (see mediaproxy pcap --help)",
                "pcap",
                "--max-calls=0",
                file.toString());
    }

    @Test
    void shouldNotOverwriteTheCaptureOrCreateAFileForBadInput() throws Exception {
        Path out = folder.resolve("out.pcap");
        badInput(
                file + " is the capture itself and would be overwritten",
                "pcap",
                "--write",
                file.toString(),
                file.toString());
        assertThat(Files.readAllBytes(file)).isEqualTo(call());

        assertThat(mediaproxyReading(new byte[0], "pcap", "--write", out.toString(), "-")
                        .exitCode())
                .isEqualTo(2);
        assertThat(out).doesNotExist();

        Ran ran = mediaproxy("pcap", "--write", folder.resolve("no/such/folder").toString(), file.toString());
        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.err()).hasLineCount(1).contains(" cannot be written: ");
    }

    @Test
    void shouldReportOnceThatStandardOutputFails() {
        OutputStream full = new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                throw new IOException("No space left on device");
            }
        };
        assertThat(Ran.mediaproxyWriting(full, call(), "pcap", "-"))
                .isEqualTo(new Ran(1, "", "mediaproxy: cannot write to standard output" + NEWLINE));
    }

    private static void badInput(String line, String... arguments) {
        assertThat(mediaproxy(arguments)).isEqualTo(new Ran(2, "", "mediaproxy: " + line + NEWLINE));
    }
}
