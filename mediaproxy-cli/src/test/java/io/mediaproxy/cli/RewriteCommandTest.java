package io.mediaproxy.cli;

import static io.mediaproxy.cli.Ran.mediaproxy;
import static io.mediaproxy.cli.Ran.mediaproxyReading;
import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.conformance.ConformanceVector;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RewriteCommandTest {
    private static final String OFFER =
            "v=0\r\no=- 1 1 IN IP4 10.0.0.10\r\ns=-\r\nc=IN IP4 10.0.0.10\r\nt=0 0\r\nm=audio 40000 RTP/AVP 0\r\n";
    private static final String REWRITTEN =
            "v=0\r\no=- 1 1 IN IP4 10.0.0.10\r\ns=-\r\nc=IN IP4 81.23.228.129\r\nt=0 0\r\nm=audio 50000 RTP/AVP 0\r\n";
    private static final Pattern CONTENT_LENGTH = Pattern.compile("(?im)^((?:content-length|l)[ \\t]*:[ \\t]*)(\\d+)");
    private static final Pattern VALID_REPLY =
            Pattern.compile("\\s*(None|error|(\\d+\\.){3}\\d+(\\s+(?!65535)\\d{1,5})+)\\s*");
    private static final Set<String> CANDIDATES = Set.of("none", "low-priority", "high-priority");

    static List<ConformanceVector> vectors() {
        return ConformanceVector.all();
    }

    /** Whether the vector has a reply or a candidate that the command does not accept. */
    private static boolean isRefused(ConformanceVector vector) {
        String candidate = vector.attributes().iceCandidate();
        return !VALID_REPLY.matcher(vector.dispatcherReply()).matches()
                || (candidate != null && !CANDIDATES.contains(candidate.toLowerCase(Locale.ROOT)));
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void shouldPrintTheMessageOfEachVectorByteForByte(ConformanceVector vector) {
        List<String> arguments = new ArrayList<>(List.of("rewrite", "--show-command", "--source", vector.source()));
        arguments.addAll(List.of("--reply", vector.dispatcherReply().replace("\r\n", "")));
        option(arguments, "--signaling-ip", vector.attributes().signalingIp());
        option(arguments, "--media-relay", vector.attributes().mediaRelay());
        option(arguments, "--ice-candidate", vector.attributes().iceCandidate());
        arguments.add("-");
        Ran ran =
                mediaproxyReading(vector.message().getBytes(StandardCharsets.UTF_8), arguments.toArray(String[]::new));

        if (isRefused(vector)) {
            assertThat(ran.exitCode()).isEqualTo(2);
            assertThat(ran.out()).isEmpty();
            return;
        }
        ConformanceVector.Expectation expected = vector.expect();
        assertThat(ran.exitCode()).as(ran.err()).isEqualTo(exitCode(vector, ran.err()));
        assertThat(ran.err()).startsWith(expected.command() == null ? "(no command is sent)\n" : expected.command());
        if (expected.body() == null) {
            assertThat(ran.out()).isEqualTo(vector.message());
            assertThat(ran.err()).contains("mediaproxy: use_media_proxy returns " + expected.returnCode() + ": ");
        } else {
            int head = vector.message().indexOf("\r\n\r\n") + 4;
            assertThat(ran.out())
                    .isEqualTo(withLength(vector.message().substring(0, head), expected.body()) + expected.body());
        }
    }

    /** Without a command the input was bad, except for a request after ICE, which is valid and stays as it is. */
    private static int exitCode(ConformanceVector vector, String reason) {
        ConformanceVector.Expectation expected = vector.expect();
        if (expected.returnCode() != -1) {
            return 0;
        }
        boolean iceEnded =
                vector.message().contains("\na=remote-candidates") && reason.contains("ICE has found its path");
        return expected.command() != null || iceEnded ? 1 : 2;
    }

    private static void option(List<String> arguments, String name, @Nullable String value) {
        if (value != null) {
            arguments.addAll(List.of(name, value));
        }
    }

    private static String withLength(String head, String body) {
        int length = body.getBytes(StandardCharsets.UTF_8).length;
        Matcher field = CONTENT_LENGTH.matcher(head);
        return field.find()
                ? field.replaceFirst("$1" + length)
                : head.substring(0, head.length() - 2) + "Content-Length: " + length + "\r\n\r\n";
    }

    @Test
    void shouldAcceptBareSdpAsAnOffer(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("offer.sdp"), OFFER);

        assertThat(mediaproxy("rewrite", "--reply", "81.23.228.129 50000", file.toString()))
                .isEqualTo(new Ran(0, REWRITTEN, ""));
    }

    @Test
    void shouldAskTheRelayInThisProcessWhenNoReplyIsGiven() {
        Ran ran = mediaproxyReading(OFFER.getBytes(StandardCharsets.UTF_8), "rewrite", "-");

        assertThat(ran.exitCode()).isZero();
        assertThat(ran.err()).isEmpty();
        assertThat(ran.out()).contains("c=IN IP4 127.0.0.1\r\n").containsPattern("m=audio 50\\d{3} RTP");
    }

    @Test
    void shouldPrintTheCommandOnStandardError() {
        Ran ran = mediaproxyReading(
                OFFER.getBytes(StandardCharsets.UTF_8),
                "rewrite",
                "--show-command",
                "--signaling-ip=192.0.2.1_192.0.2.2",
                "--media-relay=192.0.2.3",
                "--reply=81.23.228.129 50000",
                "-");

        assertThat(ran.out()).isEqualTo(REWRITTEN);
        assertThat(ran.err())
                .startsWith("update\r\ntype: request\r\ndialog_id: \r\ncall_id: ")
                .contains("\r\nsignaling_ip: 192.0.2.1_192.0.2.2\r\nmedia_relay: 192.0.2.3\r\n")
                .endsWith("\r\nmedia: audio:10.0.0.10:40000:sendrecv:ice=no\r\n\r\n");
    }

    @Test
    void shouldExitWithOneAndTheReasonWhenTheDispatcherRefuses() {
        Ran ran = mediaproxyReading(OFFER.getBytes(StandardCharsets.UTF_8), "rewrite", "--reply=error", "-");

        assertThat(ran.exitCode()).isOne();
        assertThat(ran.out()).isEqualTo(OFFER);
        assertThat(ran.err())
                .startsWith("mediaproxy: use_media_proxy returns -1: dispatcher answered error: ")
                .hasLineCount(1);
    }

    @Test
    void shouldExitWithOneWhenTheRelayHasTooFewPorts() {
        String offer = OFFER + "m=video 40002 RTP/AVP 31\r\n";

        assertThat(mediaproxyReading(
                        offer.getBytes(StandardCharsets.UTF_8), "rewrite", "--reply=81.23.228.129 50000", "-"))
                .isEqualTo(new Ran(
                        1,
                        offer,
                        "mediaproxy: use_media_proxy returns -1: the relay has 1 ports for an offer of 2 streams"
                                + System.lineSeparator()));
    }

    @Test
    void shouldExitWithOneForARequestAfterIce() {
        String offer = OFFER + "a=remote-candidates:1 192.0.2.1 40000\r\n";

        assertThat(mediaproxyReading(offer.getBytes(StandardCharsets.UTF_8), "rewrite", "-"))
                .isEqualTo(new Ran(
                        1,
                        offer,
                        "mediaproxy: use_media_proxy returns -1: the request has a=remote-candidates: ICE has found "
                                + "its path"
                                + System.lineSeparator()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rewrite", "explain"})
    void shouldExitWithTwoForAnUnusableMessage(String command) {
        Map<String, String> reasons = Map.of(
                OFFER.replace("m=audio 40000", "m=audio x"),
                "line 6",
                OFFER.replace("IP4 10.0.0.10", "IP6 ::1"),
                "line 4 has an IPv6 address",
                "INVITE sip:a@b SIP/2.0\r\nCSeq: 1 INVITE\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:b@b>\r\n\r\n" + OFFER,
                "no Call-ID",
                "INVITE sip:a@b SIP/2.0\r\nContent-Type: multipart/mixed\r\n\r\n" + OFFER,
                "boundary");
        reasons.forEach((message, reason) -> {
            Ran ran = mediaproxyReading(message.getBytes(StandardCharsets.UTF_8), command, "-");

            assertThat(ran.exitCode()).as(reason).isEqualTo(2);
            assertThat(ran.err())
                    .startsWith("mediaproxy: use_media_proxy returns -1: ")
                    .contains(reason)
                    .hasLineCount(1);
            assertThat(ran.out())
                    .isEqualTo(
                            command.equals("rewrite")
                                    ? message
                                    : "no command to the dispatcher" + System.lineSeparator());
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "--reply=foo | --reply .* IPv4 address and ports from 0 to 65534",
                "--reply=81.23.228.129 | --reply .* IPv4 address and ports",
                "--reply=81.23.228.300 50000 | --reply .*",
                "--reply=81.23.228.129 65535 | --reply .* 65534",
                "--reply=1.2.3.4 +5 | --reply .*",
                "--ice-candidate=maybe | --ice-candidate .* none, low-priority or high-priority",
                "--media-relay=relay.example.org | --media-relay .* IPv4 address",
                "--media-relay=::1 | --media-relay .* IPv4 address",
                "--signaling-ip=5 | --signaling-ip .* JSON object",
                "--signaling-ip=1.2.3.4_5.6.7.8_9 | --signaling-ip .* SOURCE_DESTINATION",
                "--source=localhost | --source .* IP address",
            })
    void shouldExitWithTwoForAnInvalidOption(String option, String complaint) {
        Ran ran = mediaproxyReading(OFFER.getBytes(StandardCharsets.UTF_8), "rewrite", option, "-");

        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).matches("mediaproxy: invalid " + complaint + ".* \\(see mediaproxy rewrite --help\\)\\R");
    }

    @Test
    void shouldExitWithTwoForAnInvalidInput(@TempDir Path folder) throws IOException {
        Path missing = folder.resolve("missing");
        Path empty = Files.createFile(folder.resolve("empty"));
        Path prose = Files.writeString(folder.resolve("prose"), "Dear all,\n");
        Path cut = Files.writeString(folder.resolve("cut"), "BYE sip:a@b SIP/2.0\r\nContent-Length: 9\r\n\r\nv=0");
        Path endless = Files.write(folder.resolve("endless"), new byte[GivenMessage.LARGEST + 1]);

        assertComplaint(missing, "no such file: " + missing);
        assertComplaint(folder, folder + " cannot be read: Is a directory");
        assertComplaint(empty, empty + " is empty: expected a SIP message or SDP");
        assertComplaint(
                prose,
                prose + " is neither a SIP message nor SDP: the first line is neither a request line nor a status line"
                        + " (line 1, offset 0)");
        assertComplaint(
                cut,
                cut + " is neither a SIP message nor SDP: Content-Length is 9, but 3 bytes follow (line 2, offset 36)");
        assertComplaint(endless, endless + " has more than 1048576 bytes: no SIP message is that long");
    }

    private static void assertComplaint(Path file, String complaint) {
        assertThat(mediaproxy("rewrite", file.toString()))
                .isEqualTo(new Ran(2, "", "mediaproxy: " + complaint + System.lineSeparator()));
    }
}
