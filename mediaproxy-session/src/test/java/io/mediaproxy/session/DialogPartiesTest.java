package io.mediaproxy.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.session.sip.RawSipMessage;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class DialogPartiesTest {
    private final DialogParties parties = new DialogParties();

    @Test
    void shouldStartWithoutParties() {
        assertThat(parties.caller()).isEmpty();
        assertThat(parties.callee()).isEmpty();
    }

    @Test
    void shouldSplitRouteSetsAtCommasOutsideQuotesAndBrackets() {
        request(Side.CALLER, "INVITE", 7, "alice", "", """
                Record-Route: "Doe, Jane \\" <x" <sip:p1;lr;x=a,b>,<sip:p2;lr>
                Record-Route: <sip:p3;lr>, , <sip:p4>
                Contact: <sip:alice@192.0.2.1>
                """);

        DialogParty caller = parties.caller().orElseThrow();
        assertThat(caller.address()).isEqualTo("<sip:alice@example.org>;tag=alice");
        assertThat(caller.contact()).isEqualTo("<sip:alice@192.0.2.1>");
        assertThat(caller.cseq()).isEqualTo(7);
        assertThat(caller.recordRoutes())
                .containsExactly("\"Doe, Jane \\\" <x\" <sip:p1;lr;x=a,b>", "<sip:p2;lr>", "<sip:p3;lr>", "<sip:p4>");
    }

    @Test
    void shouldKeepTheFirstRouteSetAndTheLastContact() {
        request(Side.CALLER, "INVITE", 1, "alice", "", "Record-Route: <sip:p1>\nContact: <sip:a1>\n");
        request(Side.CALLER, "INVITE", 2, "alice", "bob", "Record-Route: <sip:p9>\nContact: <sip:a2>\n");

        assertThat(parties.caller().orElseThrow().recordRoutes()).containsExactly("<sip:p1>");
        assertThat(parties.caller().orElseThrow().contact()).isEqualTo("<sip:a2>");
        assertThat(parties.caller().orElseThrow().cseq()).isEqualTo(2);
    }

    @Test
    void shouldAddTheCalleeWithTheResponseToTheInviteOnly() {
        success("PRACK", "bob", "");
        success("UPDATE", "bob", "Contact: <sip:b0>\n");
        assertThat(parties.callee()).isEmpty();

        success("INVITE", "bob", "Record-Route: <sip:p1>\nContact: <sip:b1>\n");
        success("UPDATE", "bob", "Contact: <sip:b2>\n");

        DialogParty callee = parties.callee().orElseThrow();
        assertThat(callee.recordRoutes()).containsExactly("<sip:p1>");
        assertThat(callee.contact()).isEqualTo("<sip:b2>");
    }

    @Test
    void shouldUseTheCalleeThatAnsweredFirst() {
        success("INVITE", "bob", "Contact: <sip:b1>\n");
        success("INVITE", "carol", "Contact: <sip:c1>\n");
        request(Side.CALLEE, "INVITE", 3, "carol", "alice", "Contact: <sip:c2>\n");

        assertThat(parties.callee().orElseThrow().address()).contains("bob");
        assertThat(parties.callee().orElseThrow().contact()).isEqualTo("<sip:b1>");
    }

    @Test
    void shouldIgnoreTheCseqOfAckAndCancelAndInvalidOnes() {
        request(Side.CALLER, "INVITE", 1, "alice", "", "");
        request(Side.CALLER, "ACK", 9, "alice", "bob", "");
        request(Side.CALLER, "CANCEL", 9, "alice", "", "");
        request(Side.CALLER, "BYE", 99_999_999_999L, "alice", "bob", "");

        assertThat(parties.caller().orElseThrow().cseq()).isEqualTo(1);
    }

    @Test
    void shouldDropValuesThatAreTooLong() {
        String routes = "<sip:p1>,".repeat(17);
        request(Side.CALLER, "INVITE", 1, "alice", "", "Record-Route: " + routes + "\n");
        success(
                "INVITE",
                "bob",
                "Record-Route: <sip:" + "p".repeat(5000) + ">\nContact: <sip:" + "b".repeat(2000) + ">\n");

        assertThat(parties.caller().orElseThrow().recordRoutes()).isEmpty();
        assertThat(parties.callee().orElseThrow().recordRoutes()).isEmpty();
        assertThat(parties.callee().orElseThrow().contact()).isEmpty();
    }

    private void request(Side from, String method, long cseq, String tag, String toTag, String headers) {
        String to = toTag.isEmpty() ? "" : ";tag=" + toTag;
        RawSipMessage message = parse(method + " sip:x SIP/2.0\nFrom: <sip:" + tag + "@example.org>;tag=" + tag
                + "\nTo: <sip:x>" + to + "\nCSeq: " + cseq + ' ' + method + '\n' + headers + '\n');
        parties.request(from, RelayedMessage.of(message, CallAttributes.NONE));
    }

    private void success(String method, String tag, String headers) {
        RawSipMessage message = parse("SIP/2.0 200 OK\nFrom: <sip:alice@example.org>;tag=alice\nTo: <sip:" + tag
                + "@example.org>;tag=" + tag + "\nCSeq: 1 " + method + '\n' + headers + '\n');
        parties.success(Side.CALLEE, RelayedMessage.of(message, CallAttributes.NONE));
    }

    private static RawSipMessage parse(String text) {
        return RawSipMessage.parse(text.getBytes(StandardCharsets.UTF_8), "192.0.2.1");
    }
}
