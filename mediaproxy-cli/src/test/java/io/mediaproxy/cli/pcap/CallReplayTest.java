package io.mediaproxy.cli.pcap;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mediaproxy.cli.pcap.CaptureFile.Format;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Replays calls and checks their messages, commands and totals. */
class CallReplayTest {
    private static final long START = 1_700_000_000_000_000_000L;
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final String CALLER = "10.0.0.10";
    private static final String PROXY = "10.0.0.1";
    private static final String CALLEE = "10.0.0.20";

    private final SipMessages call = new SipMessages("one@example.org", CALLER, CALLEE);
    private final SipMessages other = new SipMessages("two@example.org", "10.0.0.30", "10.0.0.40");
    private final CaptureFile capture = new CaptureFile(Format.PCAP_LITTLE_MICROS, 101);
    private long now = START;

    private CallReplayTest sent(String from, String to, String message) {
        capture.packet(now, Frames.udp(from, 5060, to, 5060, message));
        now += TimeUnit.MILLISECONDS.toNanos(10);
        return this;
    }

    private CallReplayTest after(long seconds) {
        now += seconds * SECOND;
        return this;
    }

    private Replayed replayed() throws Exception {
        return Replayed.of(capture.bytes());
    }

    @Test
    void shouldFollowACallWithEarlyMediaAndANewOfferToItsEnd() throws Exception {
        sent(CALLER, CALLEE, call.invite(1))
                .sent(CALLEE, CALLER, call.response("100 Trying", 1, "INVITE"))
                .sent(CALLEE, CALLER, call.answer("183 Session Progress", 1))
                .sent(CALLEE, CALLER, call.answer("200 OK", 1))
                .sent(CALLER, CALLEE, call.ack(1))
                .after(600)
                .sent(CALLER, CALLEE, call.reInvite(2))
                .sent(CALLEE, CALLER, call.answer("200 OK", 2))
                .sent(CALLER, CALLEE, call.ack(2))
                .after(600)
                .sent(CALLER, CALLEE, call.bye(3))
                .sent(CALLEE, CALLER, call.response("200 OK", 3, "BYE"));

        Replayed replayed = replayed();

        assertThat(replayed.totals()).isEqualTo(new Totals(10, 0, 0, 0, 10, 0, 1, 0, 5, 0, List.of(), null));
        assertThat(texts(replayed.call(0).get("messages"), "message"))
                .containsExactly(
                        "INVITE",
                        "100 Trying",
                        "183 Session Progress",
                        "200 OK",
                        "ACK",
                        "INVITE",
                        "200 OK",
                        "ACK",
                        "BYE",
                        "200 OK (BYE)");
        // The ports stay as long as the phones stay where they are; the new offer is from another port.
        assertThat(relays(replayed))
                .containsExactly(
                        "192.0.2.1 16386", "192.0.2.1 16384", "192.0.2.1 16384", "192.0.2.1 16390", "192.0.2.1 16388");
        assertThat(commands(replayed, 0, 0)).startsWith("update\r\n").contains("media: audio:10.0.0.10:4000:sendrecv");
        assertThat(commands(replayed, 0, 8)).startsWith("remove\r\n").contains("call_id: one@example.org\r\n");
        assertThat(replayed.message(0, 8).get("outcome").textValue()).isEqualTo("REMOVED");
        assertThat(replayed.call(0).get("end").textValue()).isEqualTo("ended by BYE in packet 9");
        assertThat(replayed.message(0, 0).at("/edits/0/after").textValue()).isEqualTo("192.0.2.1");
        assertThat(replayed.message(0, 0).at("/edits/1/before").textValue()).isEqualTo("4000");
    }

    @Test
    void shouldKeepTwoCallsApartAndShowEachWhenItIsOver() throws Exception {
        sent(CALLER, CALLEE, call.invite(1))
                .sent("10.0.0.30", "10.0.0.40", other.invite(1))
                .sent("10.0.0.40", "10.0.0.30", other.answer("200 OK", 1))
                .sent(CALLEE, CALLER, call.answer("200 OK", 1))
                .sent("10.0.0.30", "10.0.0.40", other.bye(2))
                .after(60)
                .sent(CALLER, CALLEE, call.bye(2));

        Replayed replayed = replayed();

        assertThat(texts(replayed.json().get("calls"), "call_id"))
                .containsExactly("two@example.org", "one@example.org");
        assertThat(replayed.json().findValuesAsText("call")).containsExactly("2", "1");
        assertThat(replayed.call(0).get("messages")).hasSize(3);
        assertThat(relays(replayed))
                .containsExactly("192.0.2.1 16390", "192.0.2.1 16388", "192.0.2.1 16386", "192.0.2.1 16384");
    }

    @Test
    void shouldRelayIpv4MediaOfACallOverIpv6() throws Exception {
        sent("2001:db8::10", "2001:db8::20", call.invite(1))
                .sent("2001:db8::20", "2001:db8::10", call.answer("200 OK", 1));

        Replayed replayed = replayed();

        assertThat(replayed.totals().messagesRewritten()).isEqualTo(2);
        assertThat(commands(replayed, 0, 0)).contains("signaling_ip: 2001:db8:");
    }

    @Test
    void shouldSendACommandOnceForAMessageOnTwoHopsAndRewriteBoth() throws Exception {
        sent(CALLER, PROXY, call.invite(1))
                .sent(PROXY, CALLEE, call.invite(1).replace("Via:", "Via: SIP/2.0/UDP 10.0.0.1\r\nVia:"))
                .sent(CALLEE, PROXY, call.answer("200 OK", 1))
                .sent(PROXY, CALLER, call.answer("200 OK", 1))
                .sent(CALLER, PROXY, call.bye(2))
                .sent(PROXY, CALLEE, call.bye(2));

        Replayed replayed = replayed();

        assertThat(replayed.totals().messagesRewritten()).isEqualTo(4);
        assertThat(relays(replayed))
                .containsExactly("192.0.2.1 16386", "192.0.2.1 16386", "192.0.2.1 16384", "192.0.2.1 16384");
        assertThat(texts(replayed.call(0).get("messages"), "same_as")).containsExactly("", "1", "", "3", "", "5");
        assertThat(replayed.json().findValues("commands").stream().mapToInt(JsonNode::size))
                .containsExactly(1, 0, 1, 0, 1, 0);
    }

    @Test
    void shouldNotRewriteAMessageThatChangedBetweenTwoHops() throws Exception {
        sent(CALLER, PROXY, call.invite(1))
                .sent(PROXY, CALLEE, SipMessages.relayed(call.invite(1), 30_000))
                .sent(CALLEE, PROXY, call.answer("200 OK", 1));

        Replayed replayed = replayed();

        assertThat(replayed.totals().messagesRewritten()).isEqualTo(2);
        assertThat(replayed.message(0, 1).get("outcome").isNull()).isTrue();
        assertThat(replayed.message(0, 1).get("reason").textValue())
                .isEqualTo("it was seen in packet 1 and changed on its way here");
        assertThat(replayed.message(0, 2).get("relay").textValue()).isEqualTo("192.0.2.1 16384");
    }

    @Test
    void shouldContinueTheCallWithAnInviteWithCredentials() throws Exception {
        sent(CALLER, CALLEE, call.invite(1))
                .sent(CALLEE, CALLER, call.response("407 Proxy Authentication Required", 1, "INVITE"))
                .sent(CALLER, CALLEE, call.ack(1))
                .sent(CALLER, CALLEE, call.invite(1)) // once more, too late
                .sent(CALLER, CALLEE, call.invite(2))
                .sent(CALLEE, CALLER, call.answer("200 OK", 2))
                .sent(CALLER, CALLEE, call.bye(3));

        Replayed replayed = replayed();

        assertThat(replayed.totals().calls()).isEqualTo(1);
        assertThat(replayed.message(0, 3).get("outcome").textValue()).isEqualTo("NOT_ENGAGED");
        assertThat(replayed.message(0, 4).get("outcome").textValue()).isEqualTo("REWRITTEN");
        assertThat(replayed.call(0).get("end").textValue()).isEqualTo("ended by BYE in packet 7");
    }

    @Test
    void shouldGiveUpASilentCallByTheTimeOfThePackets() throws Exception {
        sent(CALLER, CALLEE, call.invite(1))
                .after(299)
                .sent("10.0.0.30", "10.0.0.40", other.invite(1))
                .after(2)
                .sent("10.0.0.40", "10.0.0.30", other.answer("200 OK", 1))
                .sent(CALLER, CALLEE, call.cancel(1))
                .after(43_199)
                .sent("10.0.0.30", "10.0.0.40", other.bye(2));

        Replayed replayed = replayed();

        assertThat(replayed.totals().callsGivenUp()).isEqualTo(1);
        assertThat(replayed.totals().messagesOutsideCalls()).isEqualTo(1);
        assertThat(replayed.call(0).get("end").textValue()).isEqualTo("given up: no more messages came");
        assertThat(replayed.call(0).get("commands_at_end").get(0).textValue())
                .startsWith("remove\r\n")
                .contains("one@example.org");
        assertThat(replayed.call(1).get("end").textValue()).isEqualTo("ended by BYE in packet 5");
    }

    @Test
    void shouldGiveUpEndedCallsFirstThenTheIdlest() throws Exception {
        SipMessages third = new SipMessages("three@example.org", CALLER, CALLEE);
        SipMessages fourth = new SipMessages("four@example.org", CALLER, CALLEE);
        sent(CALLER, CALLEE, call.invite(1))
                .sent(CALLER, CALLEE, other.invite(1))
                .sent(CALLEE, CALLER, other.response("486 Busy Here", 1, "INVITE"))
                .sent(CALLER, CALLEE, third.invite(1))
                .sent(CALLER, CALLEE, fourth.invite(1))
                .sent(CALLEE, CALLER, third.answer("200 OK", 1));

        Replayed replayed = Replayed.of(capture.bytes(), 2);

        assertThat(texts(replayed.json().get("calls"), "call_id"))
                .containsExactly("two@example.org", "one@example.org", "four@example.org", "three@example.org");
        assertThat(replayed.call(0).get("end").textValue()).isEqualTo("ended by 486 Busy Here in packet 3");
        assertThat(replayed.call(1).get("end").textValue()).startsWith("given up: there were more than 2 calls");
        assertThat(replayed.call(2).get("end").textValue()).isEqualTo("still open where the capture ends");
        assertThat(replayed.totals().callsGivenUp()).isEqualTo(1);
    }

    @Test
    void shouldShowWhyACallHasNoRelay() throws Exception {
        sent(CALLER, CALLEE, call.request("INVITE", 1, "", SipMessages.sdp("IP6", "2001:db8::10", 4000)));

        Replayed replayed = replayed();

        assertThat(replayed.totals().messagesFailed()).isEqualTo(1);
        assertThat(replayed.message(0, 0).get("outcome").textValue()).isEqualTo("FAILED");
        assertThat(replayed.message(0, 0).get("reason").textValue()).isNotEmpty();
        assertThat(replayed.output().bytes().length).isEqualTo(capture.bytes().length);
    }

    @Test
    void shouldShowNoOfferForABodyThatIsNotSdp() throws Exception {
        String isup =
                call.request("INVITE", 1, "", "\u0001\u0000I\u0000").replace("application/sdp", "application/isup");
        String parts = String.join("\r\n", "--b", "Content-Type: application/isup", "", "IAM", "--b--", "");
        sent(CALLER, CALLEE, isup)
                .sent(CALLEE, CALLER, call.answer("200 OK", 1))
                .sent(CALLER, CALLEE, call.ack(1))
                .sent(
                        CALLER,
                        CALLEE,
                        other.request("INVITE", 1, "", parts).replace("application/sdp", "multipart/mixed; boundary=b"))
                .sent(CALLEE, CALLER, other.answer("488 Not Acceptable Here", 1))
                .sent(CALLER, CALLEE, call.request("INFO", 2, ";tag=callee", SipMessages.sdp(CALLER, 4000)))
                .sent(CALLER, CALLEE, call.reInvite(3).replace("CSeq:", "Content-Disposition: early-session\r\nCSeq:"));

        // The call that ended is shown first.
        List<JsonNode> labels = replayed().json().findValues("sdp");

        assertThat(labels)
                .extracting(JsonNode::booleanValue)
                .containsExactly(false, false, false, true, false, false, false);
    }

    @Test
    void shouldShowThatTheRelayRefusedAnAnswer() throws Exception {
        sent(CALLER, CALLEE, call.invite(1))
                .sent(CALLEE, CALLER, call.answer("200 OK", 1).replace("m=audio", "m=video"));

        assertThat(replayed().message(0, 1).get("reason").textValue())
                .isEqualTo("the dispatcher answered error: the relay cannot take these media, or has no port left");
    }

    @Test
    void shouldCountMessagesOutsideCalls() throws Exception {
        sent(CALLER, PROXY, call.request("REGISTER", 1, "", ""))
                .sent(CALLER, PROXY, call.reInvite(7))
                .sent(CALLER, PROXY, call.bye(8))
                .sent(CALLER, PROXY, "\r\n\r\n")
                .sent(CALLER, PROXY, "INVITE without end SIP/2.0\r\nX");

        Replayed replayed = replayed();

        assertThat(replayed.totals())
                .isEqualTo(new Totals(
                        5,
                        0,
                        0,
                        1,
                        3,
                        3,
                        0,
                        0,
                        0,
                        0,
                        List.of(new CaptureTotals.Skipped("a message has a first line of SIP and is not SIP", 1, 5)),
                        null));
        assertThat(replayed.json().get("calls")).isEmpty();
    }

    @Test
    void shouldFollowMoreMessagesThanItShows() throws Exception {
        sent(CALLER, CALLEE, call.invite(1)).sent(CALLEE, CALLER, call.answer("200 OK", 1));
        for (int i = 2; i < 120; i++) {
            sent(CALLER, CALLEE, call.request("INFO", i, ";tag=callee", ""));
        }
        sent(CALLER, CALLEE, call.bye(120));

        Replayed replayed = replayed();

        assertThat(replayed.call(0).get("messages")).hasSize(TracedCall.MAX_MESSAGES);
        assertThat(replayed.call(0).get("messages_omitted").intValue()).isEqualTo(21);
        assertThat(replayed.call(0).get("end").textValue()).isEqualTo("ended by BYE in packet 121");
    }

    @Test
    void shouldRepeatItsOutputForTheSameCapture() throws Exception {
        manyCalls(20);
        assertThat(replayed().json()).isEqualTo(replayed().json());
    }

    private void manyCalls(int calls) {
        for (int i = 0; i < calls; i++) {
            SipMessages one = new SipMessages(i + "@example.org", CALLER, CALLEE);
            sent(CALLER, CALLEE, one.invite(1)).sent(CALLEE, CALLER, one.answer("200 OK", 1));
            if (i % 3 == 0) {
                sent(CALLER, CALLEE, one.bye(2));
            }
        }
    }

    private static List<String> relays(Replayed replayed) {
        List<String> relays = new ArrayList<>();
        replayed.json().findValues("relay").stream()
                .filter(relay -> !relay.isNull())
                .forEach(relay -> relays.add(relay.textValue()));
        return relays;
    }

    private static List<String> texts(JsonNode array, String name) {
        List<String> texts = new ArrayList<>();
        array.forEach(element ->
                texts.add(element.get(name).isNull() ? "" : element.get(name).asText()));
        return texts;
    }

    private static String commands(Replayed replayed, int call, int message) {
        return replayed.message(call, message).get("commands").get(0).textValue();
    }
}
