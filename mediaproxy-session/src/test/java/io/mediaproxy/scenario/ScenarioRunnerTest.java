package io.mediaproxy.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ladder fails at the line where it differs, with the actual value. */
class ScenarioRunnerTest {
    private static final String CALL = """
            # A call
            engage alice -> bob  INVITE 1  sdp audio 10.0.0.1:5004
                update request 1 alice -> ?  audio 10.0.0.1:5004
                bob gets audio relay:to-bob
            bob -> alice  200 INVITE 1  sdp audio 10.0.0.2:6004
                update reply 1 alice -> bob  audio 10.0.0.2:6004  at=relay
                alice gets audio relay:to-alice
            alice -> bob  BYE 2
                remove alice -> bob
            """;

    private final Path directory;

    ScenarioRunnerTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void shouldPassALadderWithoutDifference() {
        Scenario scenario = Scenario.parse("call.txt", CALL);

        assertThat(scenario.title()).isEqualTo("A call");
        assertThat(scenario.steps()).hasSize(3);
        ScenarioRunner.run(scenario, directory, MediaProxyServer::new);
    }

    @Test
    void shouldNameFileLineExpectedAndActualValue() {
        fails("update reply 1", "update reply 2", "call.txt:6: another line 5 of the command", "cseq: 2", "cseq: 1");
    }

    @Test
    void shouldCompareEveryFieldOfACommand() {
        fails("update request", "update reply", "call.txt:3:", "type: reply", "type: request");
        fails("1 alice -> ?", "1 alice -> bob", "call.txt:3:", "to_tag: bob", "to_tag:");
        fails("  at=relay", "", "call.txt:6:", "media_relay:", "media_relay: 127.0.0.1");
        fails("?  audio 10.0.0.1:5004", "?  audio 10.0.0.1:5005", "call.txt:3:", ":5005:sendrecv", ":5004:sendrecv");
        fails("?  audio 10.0.0.1:5004", "?  audio 10.0.0.1:5004 ice", "call.txt:3:", "ice=yes", "ice=no");
        fails("?  audio 10.0.0.1:5004", "?", "call.txt:3:", "expected: ", "actual:   media: audio");
        fails("remove alice -> bob", "remove alice -> ?", "call.txt:9:", "to_tag:", "to_tag: bob");
    }

    @Test
    void shouldFailIfACommandIsMissing() {
        fails(
                "    remove alice -> bob\n",
                "    remove alice -> bob\nbob -> alice  BYE 1\n    remove alice -> bob\n",
                "call.txt:11: another line 1 of the command",
                "expected: remove",
                "actual:   nothing");
    }

    @Test
    void shouldFailIfThereIsOneMoreCommand() {
        fails("    remove alice -> bob\n", "", "call.txt:8: a command too many", "no other command", "from_tag: alice");
    }

    @Test
    void shouldCompareTheBodyThatTheOtherSideGets() {
        fails("bob gets audio relay:to-bob", "bob gets audio 10.0.0.1:5004", "call.txt:4:", "m=audio 5004", "m=audio ");
        fails(
                "bob gets audio relay:to-bob",
                "bob gets audio relay:to-bob sendonly",
                "call.txt:4:",
                "a=sendonly",
                "a=x-kept");
        fails("    bob gets audio relay:to-bob\n", "", "call.txt:2:", "m=audio 5004", "m=audio ");
        fails(
                "alice gets audio relay:to-alice",
                "alice gets audio relay:to-bob",
                "call.txt:7:",
                "m=audio ",
                "m=audio ");
        fails(
                "alice gets audio relay:to-alice",
                "alice gets audio relay2:to-alice",
                "call.txt:7:",
                "to-alice",
                "m=audio ");
    }

    @Test
    void shouldCompareTheOutcome() {
        fails(
                "    remove alice -> bob\n",
                "    remove alice -> bob\n    outcome UNCHANGED\n",
                "call.txt:10:",
                "UNCHANGED",
                "REMOVED");
        fails(
                "    remove alice -> bob\n",
                "    remove alice -> bob\n    because of the weather\n",
                "call.txt:10: another reason",
                "of the weather",
                "the session is removed");
        assertFails(
                "alice -> bob  INVITE 1  sdp audio 10.0.0.1:5004\n",
                "call.txt:1: a message whose SDP stays as it is needs");
    }

    @Test
    void shouldFailIfASessionRemainsAtTheEnd() {
        fails(
                "alice -> bob  BYE 2\n    remove alice -> bob\n",
                "",
                "at the end",
                "sessions that are left",
                "actual:   1");
        assertFails("engage alice -> bob  INVITE 1\n", "engaged calls", "expected: 0", "actual:   1");
    }

    @Test
    void shouldFailIfAMessageDoesNotWaitOrNeverContinues() {
        assertFails("alice -> bob  BYE 1\n    waits\n", "call.txt:1:", "whether it is passed on already");
        assertFails("""
                dispatcher delays 300ms
                engage alice -> bob  INVITE 1  sdp audio 10.0.0.1:5004
                    update request 1 alice -> ?  audio 10.0.0.1:5004
                    waits
                """, "at the end", "1 messages were never passed on");
    }

    @Test
    void shouldCountLiveStreams() {
        fails("alice -> bob  BYE 2", "streams 2\nalice -> bob  BYE 2", "call.txt:8:", "expected: 2", "actual:   1");
        ScenarioRunner.run(
                Scenario.parse("call.txt", CALL.replace("alice -> bob  BYE 2", "streams 1\nalice -> bob  BYE 2")),
                directory,
                MediaProxyServer::new);
    }

    @Test
    void shouldCompareMediaTimeouts() {
        String call = CALL.replace("# A call\n", "back channel\n").replace("alice -> bob  BYE 2\n", "time +100s\n");

        assertFails(
                call.replace("time +100s\n", "time +100s\n    media timeout bob\n"),
                "call.txt:9: another value: the call whose media stopped",
                "expected: bob",
                "actual:   alice");
        assertFails(call, "at the end", "a media timeout", "expected: none", "actual:   alice");
        assertFails(call.replace("back channel\n", "\n"), "call.txt:9:", "expected: remove", "actual:   nothing");
    }

    @Test
    void shouldCompareTheDialogIdsOfOneCall() {
        DialogIds dialogIds = new DialogIds(new Comparison("call.txt"), true);
        Scenario.Line line = new Scenario.Line(7, "update");
        String update = "update\r\ndialog_id: x\r\ncall_id: call\r\n\r\n";

        assertThat(dialogIds.checked(line, update)).isEqualTo(update.replace("id: x", "id: "));
        assertThat(dialogIds.checked(line, update.replace(": x", ": y").replace("call\r", "other\r")))
                .isEqualTo("update\r\ndialog_id: \r\ncall_id: other\r\n\r\n");
        assertThatThrownBy(() -> dialogIds.checked(line, update.replace(": x", ": y")))
                .hasMessageContainingAll("call.txt:7:", "expected: x", "actual:   y");
        assertThatThrownBy(() -> dialogIds.checked(line, update.replace(": x", ": ")))
                .hasMessageContainingAll("call.txt:7:", "whether the command has a dialog_id");
    }

    @Test
    void shouldWriteBodiesThatAreNotSdp() {
        assertThat(message("INVITE 1 body application/isup"))
                .contains("\r\nContent-Type: application/isup\r\n")
                .endsWith("\r\n\r\ncontent of application/isup\r\n");
        assertThat(message("INVITE 1 body multipart/mixed"))
                .contains("\r\nContent-Type: multipart/mixed;boundary=part-of-the-ladder\r\n")
                .contains("\r\n\r\n--part-of-the-ladder\r\nContent-Type: application/isup\r\n")
                .endsWith("\r\n--part-of-the-ladder--\r\n")
                .doesNotContain("application/sdp");
    }

    private static String message(String text) {
        SipText message = SipText.parse("alice -> bob " + text);
        return new String(
                new LadderMessages(new SdpStreams.RelayPlaces(Map.of())).bytes(message), StandardCharsets.UTF_8);
    }

    @Test
    void shouldTakeTheUrisOfACommandFromItsRequester() {
        String hungUp = CommandText.of(
                "update reply 1 alice -> bob audio 10.0.0.2:6004 at=relay call=other",
                SipText.parse("carol -> alice BYE 1"),
                new SdpStreams.RelayPlaces(Map.of("relay", "192.0.2.9")),
                party -> party + "'s address");

        assertThat(hungUp)
                .contains("call_id: other\r\n", "from_uri: alice@", "to_uri: carol@", "from_tag: alice", "to_tag: bob")
                .contains("user_agent: Phone of carol", "signaling_ip: carol's address", "media_relay: 192.0.2.9");
    }

    @Test
    void shouldReportUnreadableLines() {
        assertFails("    remove alice -> bob\n", "call.txt:1: an expectation comes behind");
        assertFails("alice calls bob\n", "call.txt:1: this cannot be read");
        assertFails("dispatcher sleeps\n", "call.txt:1: this cannot be read: a dispatcher does not sleeps");
        assertFails("alice -> bob  INVITE 1 sdp audio\n", "call.txt:1: this cannot be read: a stream is");
        assertFails("alice -> bob  INVITE 1 again\n", "call.txt:1: this cannot be read: nothing like this was sent");
        assertFails(
                "alice -> bob  BYE 1\n    outcome NOT_ENGAGED\n    hope so\n", "call.txt:3:", "this is no expectation");
    }

    private void fails(String right, String wrong, String... message) {
        assertThat(CALL).contains(right);
        assertFails(CALL.replace(right, wrong), message);
    }

    private void assertFails(String text, String... message) {
        assertThatThrownBy(() -> ScenarioRunner.run(Scenario.parse("call.txt", text), directory, MediaProxyServer::new))
                .as(text)
                .isInstanceOf(ScenarioFailure.class)
                .hasMessageContainingAll(message);
    }
}
