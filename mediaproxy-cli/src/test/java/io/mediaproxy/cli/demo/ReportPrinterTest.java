package io.mediaproxy.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mediaproxy.cli.demo.LadderStep.Party;
import io.mediaproxy.sdp.SdpEdits;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

class ReportPrinterTest {
    private static final AudioStatistics TALKED = new AudioStatistics(50, 8600, 49, 8428, 1, 0);
    private static final AudioStatistics DEAF = new AudioStatistics(50, 8600, 0, 0, 0, 3);
    private static final List<LadderStep> MESSAGES = List.of(
            new LadderStep(0, Party.CALLER, Party.PROXY, "INVITE", true),
            new LadderStep(1.84, Party.PROXY, Party.CALLER, "100 Trying", false),
            new LadderStep(12.5, Party.PROXY, Party.CALLEE, "INVITE", true),
            new LadderStep(1203.25, Party.CALLEE, Party.PROXY, "180 Ringing", false));
    private static final SdpChange OFFER = new SdpChange(
            "INVITE",
            true,
            "relay 127.0.0.1",
            "c=IN IP4 10.0.0.10\r\n",
            "c=IN IP4 127.0.0.1\r\n",
            List.of(
                    new SdpEdits.Explanation(4, 60, "10.0.0.10", "127.0.0.1", "the relay's address"),
                    new SdpEdits.Explanation(9, 120, "", "a=candidate:R", "the relay as a candidate")));
    private static final RelaySession SESSION = new RelaySession(
            "call-1",
            2,
            false,
            List.of(new RelaySession.Stream(
                    "audio",
                    "active",
                    "127.0.0.1:1",
                    "127.0.0.1:2",
                    "127.0.0.1:3",
                    "127.0.0.1:4",
                    50,
                    10_000,
                    51,
                    10_200)));

    @Test
    void shouldDrawEachMessageBetweenItsTwoColumns() {
        assertThat(Ladder.draw(MESSAGES))
                .containsExactly(
                        "       ms  caller                       proxy                        callee",
                        "      0.0    |------ INVITE + SDP ------->|                            |",
                        "      1.8    |<------- 100 Trying --------|                            |",
                        "     12.5    |                            |------ INVITE + SDP ------->|",
                        "   1203.3    |                            |<------- 180 Ringing -------|");
    }

    @Test
    void shouldShowSdpBeforeAndAfterWithTheReasonOfEachEdit() {
        assertThat(printed(report(TALKED, TALKED, true), ReportPrinter::print).lines())
                .containsSubsequence(
                        "SDP of the INVITE: relay 127.0.0.1",
                        "  received:",
                        "    c=IN IP4 10.0.0.10",
                        "  forwarded:",
                        "    c=IN IP4 127.0.0.1",
                        "  line  before     after          why",
                        "     4  10.0.0.10  127.0.0.1      the relay's address",
                        "     9  (added)    a=candidate:R  the relay as a candidate")
                .contains("  caller -> callee: sent 50 packets, 8600 bytes; heard 49 packets, 8428 bytes; lost 1, "
                        + "foreign 0")
                .contains("    caller 127.0.0.1:1 at relay port 127.0.0.1:2: 50 packets, 10000 bytes from there")
                .endsWith("It works: audio passed both ways through the relay, and the session was removed.");
    }

    @Test
    void shouldExplainPacketsThatWereSentTooEarly() {
        AudioStatistics heardLater = new AudioStatistics(50, 8600, 47, 8084, 1, 0);

        assertThat(printed(report(TALKED, heardLater, true), ReportPrinter::print))
                .contains("  caller -> callee: sent 50 packets, 8600 bytes; heard 47 packets, 8084 bytes; lost 1, "
                        + "foreign 0; 2 sent before the relay knew the other phone's address\n");
    }

    @Test
    void shouldReportTheProblems() {
        assertThat(report(TALKED, DEAF, false).problems())
                .containsExactly(
                        "no audio from caller to callee (50 packets sent, none heard, 3 foreign)",
                        "the dispatcher did not confirm that the session is removed");
        assertThat(printed(report(TALKED, DEAF, false), ReportPrinter::print).lines())
                .endsWith(
                        "It does not work: no audio from caller to callee (50 packets sent, none heard, 3 foreign).",
                        "It does not work: the dispatcher did not confirm that the session is removed.");
    }

    @Test
    void shouldReportNothingElseAboutACallThatWasNotAnswered() {
        CallOutcome call = new CallOutcome(false, "486 Busy Here", DEAF, DEAF, MESSAGES);

        assertThat(new DemoReport(true, call, List.of(OFFER), null, false).problems())
                .containsExactly("the call was not answered: 486 Busy Here");
    }

    @Test
    void shouldReportAMessageWithoutTheRelayAndNotItsConsequences() {
        CallOutcome call = new CallOutcome(true, "BYE answered", DEAF, DEAF, MESSAGES);
        SdpChange alone = new SdpChange("INVITE", false, "dispatcher answered error", "v=0", "v=0", List.of());

        assertThat(new DemoReport(true, call, List.of(alone), null, false).problems())
                .containsExactly("the INVITE was forwarded without the relay: dispatcher answered error");
    }

    @Test
    void shouldReportThatStatisticsAreNotAvailable() {
        CallOutcome call = new CallOutcome(true, "BYE answered", TALKED, TALKED, MESSAGES);
        DemoReport report = new DemoReport(false, call, List.of(OFFER), null, true);

        assertThat(printed(report, ReportPrinter::print))
                .contains("not available: a dispatcher does not send the statistics of a session to its clients");
    }

    @Test
    void shouldWriteTheSameAsJson() throws Exception {
        JsonNode json = new ObjectMapper().readTree(printed(report(TALKED, DEAF, true), ReportPrinter::printJson));

        assertThat(json.get("worked").booleanValue()).isFalse();
        assertThat(json.get("problems")).hasSize(1);
        assertThat(json.get("session_removed").booleanValue()).isTrue();
        assertThat(json.at("/call/messages/0/from").textValue()).isEqualTo("caller");
        assertThat(json.at("/call/messages/0/sdp").booleanValue()).isTrue();
        assertThat(json.at("/call/caller/heard_packets").longValue()).isEqualTo(49);
        assertThat(json.at("/sdp/0/edits/0/why").textValue()).isEqualTo("the relay's address");
        assertThat(json.at("/relay/streams/0/caller_packets").longValue()).isEqualTo(50);
    }

    private static DemoReport report(AudioStatistics caller, AudioStatistics callee, boolean removed) {
        CallOutcome call = new CallOutcome(true, "BYE answered", caller, callee, MESSAGES);
        return new DemoReport(true, call, List.of(OFFER), SESSION, removed);
    }

    private static String printed(DemoReport report, BiConsumer<ReportPrinter, DemoReport> how) {
        StringWriter text = new StringWriter();
        how.accept(new ReportPrinter(new PrintWriter(text)), report);
        return text.toString();
    }
}
