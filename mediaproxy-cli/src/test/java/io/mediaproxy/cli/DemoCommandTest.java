package io.mediaproxy.cli;

import static io.mediaproxy.cli.Ran.mediaproxy;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mediaproxy.embedded.EmbeddedDispatcher;
import io.mediaproxy.embedded.EmbeddedRelay;
import io.mediaproxy.embedded.report.Fault;
import io.mediaproxy.embedded.report.SessionStatistics;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DemoCommandTest {
    @Test
    void shouldCarryACallThroughTheRelayInThisProcess() {
        Ran ran = mediaproxy("demo", "--seconds=1");

        assertThat(ran.exitCode()).as(ran.err()).isZero();
        assertThat(ran.err()).isEmpty();
        assertThat(ran.out().lines())
                .anyMatch(line -> line.matches(".*\\|-+ INVITE \\+ SDP -+>\\|.*"))
                .anyMatch(line -> line.matches(".*\\|<-+ 180 Ringing -+\\|.*"))
                .anyMatch(line -> line.matches(".*\\|<-+ 200 OK \\+ SDP -+\\|.*"))
                .anyMatch(line -> line.matches(".*\\|-+ ACK -+>\\|.*"))
                .anyMatch(line -> line.matches(".*\\|-+ BYE -+>\\|.*"))
                .anyMatch(line -> line.matches(" +4  10\\.0\\.0\\.10 +127\\.0\\.0\\.1 +media of the session goes.*"))
                .anyMatch(line -> line.matches(" +4  192\\.168\\.1\\.20 +127\\.0\\.0\\.1 +media of the session goes.*"))
                .anyMatch(line -> line.startsWith("The session at the relay: "))
                .endsWith("It works: audio passed both ways through the relay, and the session was removed.");
    }

    @Test
    void shouldHangUpOnBothPhonesWhenTheyFallSilent() {
        Ran ran = mediaproxy("demo", "--media-timeout", "--seconds=1");

        assertThat(ran.exitCode()).as(ran.err()).isZero();
        assertThat(ran.err()).isEmpty();
        assertThat(ran.out().lines())
                .anyMatch(line -> line.matches(".*\\|<-+ BYE -+\\| +\\|"))
                .anyMatch(line -> line.matches(".*\\| +\\|-+ BYE -+>\\|"))
                .anyMatch(line -> line.matches("  audio, (no-traffic|conntrack) timeout"))
                .endsWith("It works: audio passed both ways through the relay, its timer ended the call when the "
                        + "phones fell silent, and the session was removed.");
    }

    @Test
    void shouldRequireTheBackChannelOfAnotherDispatcher() {
        assertThat(mediaproxy("demo", "--media-timeout", "--socket", "anywhere"))
                .satisfies(ran -> assertThat(ran.exitCode()).isEqualTo(2))
                .satisfies(ran -> assertThat(ran.err())
                        .contains("--media-timeout with --socket requires --back-channel")
                        .hasLineCount(1));
        assertThat(mediaproxy("demo", "--back-channel", "anywhere").err())
                .contains("--back-channel is for --media-timeout with --socket");
    }

    @Test
    void shouldLetTheRelayOfARunningDispatcherEndTheCall(@TempDir Path folder) {
        Path backChannel = folder.resolve("socket");
        try (EmbeddedRelay relay = EmbeddedRelay.builder()
                        .streamTimeout(Duration.ofSeconds(2))
                        .start();
                EmbeddedDispatcher dispatcher = EmbeddedDispatcher.builder()
                        .relays(relay)
                        .openSipsSocket(backChannel)
                        .start()) {
            Ran ran = mediaproxy(
                    "demo",
                    "--media-timeout",
                    "--seconds=1",
                    "--socket",
                    socket(dispatcher),
                    "--back-channel",
                    backChannel.toString());

            assertThat(ran.exitCode()).as(ran.err()).isZero();
            assertThat(ran.out().lines())
                    .anyMatch(line -> line.matches(".*\\|<-+ BYE -+\\| +\\|"))
                    .anyMatch(line -> line.matches(".*\\| +\\|-+ BYE -+>\\|"));
            assertThat(dispatcher.sessions()).isEmpty();
        }
    }

    @Test
    void shouldUseARunningDispatcherAndLeaveNoSession() throws IOException {
        List<SessionStatistics> ended = new CopyOnWriteArrayList<>();
        try (EmbeddedDispatcher dispatcher =
                EmbeddedDispatcher.builder().sessionListener(ended::add).start()) {
            Ran ran = mediaproxy("demo", "--json", "--seconds=1", "--socket", socket(dispatcher));

            assertThat(ran.exitCode()).as(ran.err()).isZero();
            JsonNode report = new ObjectMapper().readTree(ran.out());
            assertThat(report.get("worked").booleanValue()).isTrue();
            assertThat(report.get("built_in").booleanValue()).isFalse();
            assertThat(report.get("session_removed").booleanValue()).isTrue();
            assertThat(report.get("relay").isNull()).isTrue();
            assertThat(report.at("/call/callee/heard_packets").longValue()).isPositive();
            assertThat(report.at("/sdp/0/message").textValue()).isEqualTo("INVITE");
            assertThat(report.at("/sdp/1/message").textValue()).isEqualTo("200");
            assertThat(dispatcher.sessions()).isEmpty();
            assertThat(ended).hasSize(1).first().satisfies(session -> {
                assertThat(session.timedOut()).isFalse();
                assertThat(session.streams()).hasSize(1).first().satisfies(stream -> {
                    assertThat(stream.caller().packets()).isPositive();
                    assertThat(stream.callee().packets()).isPositive();
                });
            });
        }
    }

    @Test
    void shouldExitWithOneAndTheReasonWhenTheDispatcherRefuses() {
        try (EmbeddedDispatcher dispatcher = EmbeddedDispatcher.start()) {
            dispatcher.inject(new Fault.ReplyError(), command -> command.name().equals("update"));
            Ran ran = mediaproxy("demo", "--socket", socket(dispatcher));

            assertThat(ran.exitCode()).isOne();
            assertThat(ran.err())
                    .startsWith("mediaproxy: the INVITE was forwarded without the relay: dispatcher answered error: ")
                    .hasLineCount(1);
            assertThat(ran.out()).contains("It does not work: the INVITE was forwarded without the relay");
        }
    }

    @Test
    void shouldExitWithOneWhenTheSessionIsNotRemoved() {
        try (EmbeddedDispatcher dispatcher = EmbeddedDispatcher.start()) {
            dispatcher.inject(new Fault.ReplyError(), command -> command.name().equals("remove"));
            Ran ran = mediaproxy("demo", "--seconds=1", "--socket", socket(dispatcher));

            assertThat(ran.exitCode()).isOne();
            assertThat(ran.err())
                    .isEqualTo("mediaproxy: the dispatcher did not confirm that the session is removed"
                            + System.lineSeparator());
        }
    }

    @Test
    void shouldReportAtOnceThatNoDispatcherListens(@TempDir Path folder) throws IOException {
        Path missing = folder.resolve("missing.sock");
        Path file = Files.createFile(folder.resolve("file"));
        Path deserted = folder.resolve("deserted.sock");
        ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(deserted))
                .close(); // leaves the file

        assertThat(mediaproxy("demo", "--socket", missing.toString()))
                .isEqualTo(new Ran(2, "", "mediaproxy: no such socket: " + missing + System.lineSeparator()));
        assertThat(mediaproxy("demo", "--socket", file.toString()))
                .isEqualTo(new Ran(2, "", "mediaproxy: not a socket: " + file + System.lineSeparator()));
        assertThat(mediaproxy("demo", "--socket", folder.toString()))
                .isEqualTo(new Ran(2, "", "mediaproxy: not a socket: " + folder + System.lineSeparator()));
        assertThat(mediaproxy("demo", "--socket", deserted.toString()))
                .isEqualTo(new Ran(
                        1,
                        "",
                        "mediaproxy: no dispatcher listens on " + deserted + ": Connection refused"
                                + System.lineSeparator()));
    }

    @Test
    void shouldExitWithTwoForAnInvalidAddressOrTime() {
        assertThat(mediaproxy("demo", "--bind", "192.0.2.77"))
                .isEqualTo(new Ran(
                        2,
                        "",
                        "mediaproxy: cannot listen at 192.0.2.77: Cannot assign requested address"
                                + System.lineSeparator()));
        assertThat(mediaproxy("demo", "--bind", "0.0.0.0").err()).contains("invalid --bind \"0.0.0.0\": expected ");
        for (String seconds : List.of("0", "3601", "long")) {
            Ran ran = mediaproxy("demo", "--seconds", seconds);
            assertThat(ran.exitCode()).isEqualTo(2);
            assertThat(ran.err())
                    .contains("invalid --seconds \"" + seconds + '"')
                    .hasLineCount(1);
        }
    }

    private static String socket(EmbeddedDispatcher dispatcher) {
        return dispatcher.socket().toString();
    }
}
