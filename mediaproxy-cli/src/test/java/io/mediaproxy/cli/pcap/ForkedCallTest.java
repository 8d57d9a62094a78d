package io.mediaproxy.cli.pcap;

import static io.mediaproxy.cli.pcap.SipMessages.taggedTo;
import static io.mediaproxy.cli.pcap.SipMessages.via;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mediaproxy.cli.pcap.CaptureFile.Format;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Calls whose INVITE a proxy forks, retries or redirects: only what reaches the sender of the first INVITE ends them.
 */
class ForkedCallTest {
    private static final String CALLER = "10.0.0.10";
    private static final String PROXY = "10.0.0.1";
    private static final String BOB = "10.0.0.20";
    private static final String CAROL = "10.0.0.30";

    private final SipMessages call = new SipMessages("one@example.org", CALLER, BOB);
    private final CaptureFile capture = new CaptureFile(Format.PCAP_LITTLE_MICROS, 101);
    private long now = 1_700_000_000_000_000_000L;

    private ForkedCallTest sent(String from, String to, String message) {
        capture.packet(now, Frames.udp(from, 5060, to, 5060, message));
        now += TimeUnit.MILLISECONDS.toNanos(10);
        return this;
    }

    private ForkedCallTest after(long seconds) {
        now += TimeUnit.SECONDS.toNanos(seconds);
        return this;
    }

    /** From the caller to the proxy, and from there to one callee. */
    private ForkedCallTest invited(String callee, String branch) {
        return sent(PROXY, callee, via(call.invite(1), PROXY, branch));
    }

    private ForkedCallTest responded(String callee, String branch, String status) {
        return sent(callee, PROXY, via(taggedTo(call.response(status, 1, "INVITE"), branch), PROXY, branch));
    }

    private ForkedCallTest answered(String callee, String branch) {
        return sent(callee, PROXY, via(taggedTo(call.answer("200 OK", 1), branch), PROXY, branch))
                .sent(PROXY, CALLER, taggedTo(call.answer("200 OK", 1), branch));
    }

    private ForkedCallTest hungUp(String branch) {
        return sent(CALLER, PROXY, taggedTo(call.bye(2), branch));
    }

    private Replayed replayed() throws Exception {
        return Replayed.of(capture.bytes());
    }

    private static String end(Replayed replayed) throws Exception {
        assertThat(replayed.totals().calls()).isEqualTo(1);
        return replayed.call(0).get("end").textValue();
    }

    @Test
    void shouldContinueWhenOneBranchRefusesAndTheNextAnswers() throws Exception {
        sent(CALLER, PROXY, call.invite(1))
                .invited(BOB, "bob")
                .invited(CAROL, "carol")
                .responded(BOB, "bob", "486 Busy Here")
                .answered(CAROL, "carol")
                .hungUp("carol");

        Replayed replayed = replayed();

        assertThat(end(replayed)).isEqualTo("ended by BYE in packet 7");
        assertThat(replayed.totals().messagesRewritten()).isEqualTo(5);
        JsonNode refusal = replayed.message(0, 3);
        assertThat(refusal.get("outcome").isNull()).isTrue();
        assertThat(refusal.get("reason").textValue())
                .isEqualTo("it ends one branch and does not reach the sender of the INVITE");
    }

    @Test
    void shouldEndWithTheRefusalThatReachesTheCaller() throws Exception {
        sent(CALLER, PROXY, call.invite(1))
                .invited(BOB, "bob")
                .invited(CAROL, "carol")
                .responded(BOB, "bob", "486 Busy Here")
                .responded(CAROL, "carol", "480 Temporarily Unavailable")
                .sent(PROXY, CALLER, taggedTo(call.response("486 Busy Here", 1, "INVITE"), "bob"));

        Replayed replayed = replayed();

        assertThat(end(replayed)).isEqualTo("ended by 486 Busy Here in packet 6");
        assertThat(replayed.message(0, 5).get("commands")).hasSize(1);
    }

    @Test
    void shouldEndEvenIfAProxyRemovedTheBodyOfTheRefusal() throws Exception {
        String refusal = call.answer("488 Not Acceptable Here", 1);
        sent(CALLER, PROXY, call.invite(1))
                .invited(BOB, "bob")
                .sent(BOB, PROXY, via(refusal, PROXY, "bob"))
                .sent(PROXY, CALLER, call.response("488 Not Acceptable Here", 1, "INVITE"));

        assertThat(end(replayed())).isEqualTo("ended by 488 Not Acceptable Here in packet 4");
    }

    @Test
    void shouldContinueWhenAProxyFollowsARedirection() throws Exception {
        sent(CALLER, PROXY, call.invite(1))
                .invited(BOB, "bob")
                .responded(BOB, "bob", "302 Moved Temporarily")
                .invited(CAROL, "carol")
                .answered(CAROL, "carol")
                .hungUp("carol");

        Replayed replayed = replayed();

        assertThat(end(replayed)).isEqualTo("ended by BYE in packet 7");
        assertThat(replayed.totals().messagesRewritten()).isEqualTo(5);
    }

    @Test
    void shouldContinueWhenAProxyCancelsOneBranchAndTriesTheNext() throws Exception {
        sent(CALLER, PROXY, call.invite(1))
                .invited(BOB, "bob")
                .responded(BOB, "bob", "180 Ringing")
                .after(20)
                .sent(PROXY, BOB, call.cancel(1).replaceFirst("branch=[^\r]*", "branch=z9hG4bKbob"))
                .responded(BOB, "bob", "487 Request Terminated")
                .invited(CAROL, "carol")
                .responded(CAROL, "carol", "180 Ringing")
                .after(40)
                .answered(CAROL, "carol")
                .hungUp("carol");

        Replayed replayed = replayed();

        assertThat(end(replayed)).isEqualTo("ended by BYE in packet 10");
        assertThat(replayed.totals().callsGivenUp()).isZero();
    }

    @Test
    void shouldContinueWhenAProxyAnswersAChallengeItself() throws Exception {
        String retry = via(call.invite(2), PROXY, "retry").replace("z9hG4bK2INVITE", "z9hG4bK1INVITE");
        sent(CALLER, PROXY, call.invite(1))
                .invited(BOB, "bob")
                .responded(BOB, "bob", "407 Proxy Authentication Required")
                .sent(PROXY, BOB, retry)
                .sent(BOB, PROXY, via(call.response("486 Busy Here", 2, "INVITE"), PROXY, "retry"))
                .sent(PROXY, CALLER, call.response("486 Busy Here", 1, "INVITE"));

        Replayed replayed = replayed();

        assertThat(replayed.message(0, 3).get("reason").textValue())
                .isEqualTo("a server on the way sent the INVITE again, with another CSeq");
        assertThat(end(replayed)).isEqualTo("ended by 486 Busy Here in packet 6");
    }

    @Test
    void shouldContinueWhenTheCallerAnswersAChallengeThatPassedAProxy() throws Exception {
        sent(CALLER, PROXY, call.invite(1))
                .invited(BOB, "bob")
                .responded(BOB, "bob", "401 Unauthorized")
                .sent(PROXY, CALLER, call.response("401 Unauthorized", 1, "INVITE"))
                .sent(CALLER, PROXY, call.invite(2))
                .sent(PROXY, BOB, via(call.invite(2), PROXY, "second"))
                .sent(BOB, PROXY, via(call.answer("200 OK", 2), PROXY, "second"))
                .sent(PROXY, CALLER, call.answer("200 OK", 2))
                .sent(CALLER, PROXY, call.bye(3));

        Replayed replayed = replayed();

        assertThat(end(replayed)).isEqualTo("ended by BYE in packet 9");
        assertThat(replayed.totals().messagesRewritten()).isEqualTo(6);
    }

    /**
     * The capture has only what is between the proxy and the callees: here the proxy is the sender of the first INVITE.
     */
    @Test
    void shouldContinueWhileTheSenderHasAnotherBranchOpen() throws Exception {
        invited(BOB, "bob")
                .invited(CAROL, "carol")
                .responded(BOB, "bob", "486 Busy Here")
                .sent(CAROL, PROXY, via(taggedTo(call.answer("200 OK", 1), "carol"), PROXY, "carol"))
                .hungUp("carol");

        Replayed replayed = replayed();

        assertThat(replayed.message(0, 2).get("reason").textValue())
                .isEqualTo("it ends one branch, and the sender of the INVITE has others open");
        assertThat(end(replayed)).isEqualTo("ended by BYE in packet 5");
    }

    @Test
    void shouldContinueWhenTheSenderTriesANewBranchAfterARefusal() throws Exception {
        invited(BOB, "bob")
                .responded(BOB, "bob", "302 Moved Temporarily")
                .invited(BOB, "bob") // a late copy begins nothing
                .invited(CAROL, "carol")
                .sent(CAROL, PROXY, via(taggedTo(call.answer("200 OK", 1), "carol"), PROXY, "carol"))
                .hungUp("carol");

        Replayed replayed = replayed();

        assertThat(replayed.message(0, 2).get("outcome").textValue()).isEqualTo("NOT_ENGAGED");
        assertThat(replayed.message(0, 3).get("outcome").textValue()).isEqualTo("REWRITTEN");
        assertThat(end(replayed)).isEqualTo("ended by BYE in packet 6");
    }

    /** A B2BUA may keep the Call-ID. */
    @Test
    void shouldShowALegWithAnotherFromTagAsAnotherCall() throws Exception {
        sent(CALLER, PROXY, call.invite(1))
                .sent(PROXY, BOB, call.invite(1).replace("tag=caller", "tag=b2bua"))
                .sent(BOB, PROXY, call.answer("200 OK", 1).replace("tag=caller", "tag=b2bua"))
                .sent(PROXY, CALLER, taggedTo(call.answer("200 OK", 1), "b2bua2"));

        Replayed replayed = replayed();

        assertThat(replayed.json().get("calls")).hasSize(2);
        assertThat(replayed.json().get("calls").findValues("messages")).allMatch(messages -> messages.size() == 2);
    }

    @Test
    void shouldNotWaitForABranchThatNeverResponded() throws Exception {
        invited(BOB, "bob")
                .after(33)
                .invited(CAROL, "carol")
                .sent(CAROL, PROXY, via(call.response("486 Busy Here", 1, "INVITE"), PROXY, "carol"));

        assertThat(end(replayed())).isEqualTo("ended by 486 Busy Here in packet 3");
    }
}
