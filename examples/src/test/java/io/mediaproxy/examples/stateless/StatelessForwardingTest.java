package io.mediaproxy.examples.stateless;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Applies the rules to messages that no stack would write. */
class StatelessForwardingTest {
    private static final InetSocketAddress OWN = at(1, 5060);
    private static final InetSocketAddress SOURCE = at(2, 5062);
    private static final InetSocketAddress CALLEE = at(3, 5063);
    private static final String MESSY = String.join(
            "\r\n",
            "",
            "OPTIONS sip:a;b?c@192.0.2.3:5063;x=y SIP/2.0",
            "X-First:  kept \t as it is",
            "v : SIP / 2.0 / UDP \t phone.example : 5070 ; rport;branch=z9hG4bK1 ;x=\"a,;\\\"b\" , SIP/2.0/TCP "
                    + "[2001:db8::1]",
            "VIA: SIP/2.0/UDP far.example",
            "Max-forwards:",
            " 010",
            "f: \"Al, ice\" <sip:a@b;c>;tag=1",
            "t: sip:b@c",
            "I:1",
            "CSeq:\t7   OPTIONS",
            "Route: \"no, body\" <sip:192.0.2.1;lr>;x=\"<,\" , <sip:192.0.2.3:5063;lr;y>",
            "",
            "body\u00ff");

    private final StatelessForwarding forwarding = new StatelessForwarding(new Routing(ListenAddress.at(OWN), null));

    private static InetSocketAddress at(int lastOctet, int port) {
        try {
            return new InetSocketAddress(
                    InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, (byte) lastOctet}), port);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** Surrounds the message with other bytes. */
    private Forwarding forward(String message) {
        byte[] bytes = ("\r\n: " + message + "\r\n\r\n").getBytes(ISO_8859_1);
        return forwarding.forward(bytes, 4, bytes.length - 4, SOURCE);
    }

    private String onward(String message) {
        Forwarding decision = forward(message);
        assertThat(decision).isInstanceOf(Forwarding.Onward.class);
        Forwarding.Onward onward = (Forwarding.Onward) decision;
        assertThat(onward.target()).isEqualTo(CALLEE);
        return new String(onward.message().array(), ISO_8859_1);
    }

    private String refusal(String message) {
        Forwarding decision = forward(message);
        assertThat(decision).isInstanceOf(Forwarding.Answered.class);
        return new String(((Forwarding.Answered) decision).response().array(), ISO_8859_1);
    }

    @Test
    void shouldChangeOnlyTheBytesThatItMust() {
        String sent = onward(MESSY);

        String via = sent.lines()
                        .filter(line -> line.startsWith("Via: "))
                        .findFirst()
                        .orElseThrow() + "\r\n";
        assertThat(via).matches("Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK[0-9a-f]{32}\r\n");
        assertThat(sent)
                .isEqualTo(MESSY.substring(2)
                        .replace("X-First", via + "X-First")
                        .replace("; rport;", "; rport=5062;")
                        .replace("b\" , SIP", "b\";received=192.0.2.2 , SIP")
                        .replace(" 010\r\n", " 9\r\n")
                        .replace("\"no, body\" <sip:192.0.2.1;lr>;x=\"<,\" , ", ""));
    }

    @Test
    void shouldAcceptBareLineFeeds() {
        assertThat(onward(MESSY.replace("\r\n", "\n"))).endsWith("\n\nbody\u00ff");
    }

    @Test
    void shouldReplaceAForgedReceivedAndAddAMissingMaxForwards() {
        String sent = onward(String.join(
                "\r\n",
                "OPTIONS sip:192.0.2.3:5063 SIP/2.0",
                "Via: SIP/2.0/UDP 192.0.2.9;received=192.0.2.8",
                "From: a",
                "To: b",
                "Call-ID: c",
                "CSeq: 1 OPTIONS",
                "",
                ""));

        assertThat(sent).contains("Via: SIP/2.0/UDP 192.0.2.9;received=192.0.2.2\r\n", "\r\nMax-Forwards: 70\r\n");
    }

    @Test
    void shouldGiveOldRequestsAStableBranch() {
        String old = MESSY.replace("z9hG4bK1", "1");

        assertThat(onward(old)).isEqualTo(onward(old));
        assertThat(branch(onward(old))).isEqualTo(branch(onward(old.replace("OPTIONS", "CANCEL"))));
        assertThat(branch(onward(old))).isNotEqualTo(branch(onward(old.replace("I:1", "I:2"))));
    }

    private static String branch(String message) {
        return message.lines()
                .filter(line -> line.startsWith("Via: "))
                .findFirst()
                .orElseThrow();
    }

    /** Returns the proxy's Via, of a request from the callee's address. */
    private String ownVia(String viaBelow) {
        String request = String.join(
                "\r\n",
                "OPTIONS sip:192.0.2.4 SIP/2.0",
                "Via: " + viaBelow,
                "From: a",
                "To: b",
                "Call-ID: c",
                "CSeq: 1 OPTIONS",
                "",
                "");
        byte[] bytes = request.getBytes(ISO_8859_1);
        Forwarding decision = forwarding.forward(bytes, 0, bytes.length, CALLEE);
        assertThat(decision).isInstanceOf(Forwarding.Onward.class);
        return branch(new String(((Forwarding.Onward) decision).message().array(), ISO_8859_1))
                .substring("Via: ".length());
    }

    /** The received parameter that the proxy adds would become a part of it, and no response could go back. */
    @ParameterizedTest
    @ValueSource(strings = {"SIP/2.0/UDP [2001:db8::1:5060;rport", "SIP/2.0/UDP 192.0.2.9;rport;x=\"y\\\""})
    void shouldDropARequestWhoseViaIsNotClosed(String via) {
        String request = "OPTIONS sip:b@192.0.2.3:5063 SIP/2.0\r\nVia: " + via + "\r\nFrom: <sip:a@b>;tag=1\r\n"
                + "To: <sip:c@d>\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\n\r\n";

        assertThat(forward(request)).isEqualTo(new Forwarding.Dropped("no Via"));
    }

    @Test
    void shouldRemoveItsOwnViaWhereverTheNextOneIs() {
        String own = ownVia("SIP/2.0/UDP phone.example;rport");
        String next = "SIP/2.0/UDP phone.example;received=192.0.2.3;rport=5063";
        for (String vias : new String[] {own + " ,\r\n " + next, own + "\r\nX: y\r\nv: " + next}) {
            String reply = "SIP/2.0 180 Ringing\r\nVia: " + vias + "\r\nCSeq: 1 INVITE\r\n\r\n";
            assertThat(onward(reply))
                    .startsWith("SIP/2.0 180 Ringing\r\n")
                    .contains(": " + next + "\r\n")
                    .doesNotContain("192.0.2.1")
                    .endsWith("\r\nCSeq: 1 INVITE\r\n\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SIP/2.0/UDP 192.0.2.9:5063",
                "SIP/2.0/UDP 192.0.2.3:5064",
                "SIP/2.0/UDP 192.0.2.3:5063;rport=5064",
                "SIP/2.0/UDP 192.0.2.3:5063;received=192.0.2.9",
                "SIP/2.0/UDP 192.0.2.1:5060"
            })
    void shouldDropResponsesThatAreToGoElsewhere(String below) {
        String own = ownVia("SIP/2.0/UDP 192.0.2.3:5063");

        assertThat(onward(ringing(own, "SIP/2.0/UDP 192.0.2.3:5063"))).startsWith("SIP/2.0 180 Ringing");
        assertThat(forward(ringing(own, below))).isEqualTo(new Forwarding.Stray());
    }

    @Test
    void shouldDropResponsesWithABranchThatItDidNotMake() {
        String next = "SIP/2.0/UDP 192.0.2.3:5063";
        String own = ownVia(next);
        String otherDigit = own.endsWith("0") ? "1" : "0";
        StatelessForwarding restarted = new StatelessForwarding(new Routing(ListenAddress.at(OWN), null));

        for (String forged : List.of(
                "SIP/2.0/UDP 192.0.2.1:5060",
                "SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK" + "0".repeat(32),
                "SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK",
                own + "0",
                own.substring(0, own.length() - 1) + otherDigit,
                own.replace("192.0.2.1:", "192.0.2.9:"),
                own.replace(":5060", ":5061"))) {
            assertThat(forward(ringing(forged, next))).as(forged).isEqualTo(new Forwarding.Stray());
        }
        byte[] bytes = ringing(own, next).getBytes(ISO_8859_1);
        assertThat(restarted.forward(bytes, 0, bytes.length, SOURCE)).isEqualTo(new Forwarding.Stray());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Via: nonsense\r\n", "Via: SIP/2.0/UDP phone.example\r\n"})
    void shouldDropResponsesWithoutAnAddress(String below) {
        String own = ownVia("SIP/2.0/UDP 192.0.2.3:5063");

        assertThat(forward("SIP/2.0 200 OK\r\nVia: " + own + "\r\n" + below + "\r\n"))
                .isInstanceOf(Forwarding.Dropped.class);
        assertThat(forward("SIP/2.0 200 OK\r\nX: y\r\n\r\n")).isInstanceOf(Forwarding.Dropped.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "\t"})
    void shouldDropAMessageWhoseFirstFieldWouldContinueTheOneOfTheProxy(String blank) {
        String injected = blank + ", SIP/2.0/UDP 203.0.113.9;x=\":\"\r\n";

        assertThat(forward(MESSY.replace("X-First", injected + "X-First"))).isInstanceOf(Forwarding.Dropped.class);
    }

    @Test
    void shouldReportTheErrorInARequest() {
        assertThat(refusal(MESSY.replace("7   OPTIONS", "7 INVITE"))).startsWith("SIP/2.0 400 Bad Request, CSeq");
        assertThat(refusal(MESSY.replace("7   OPTIONS", "seven OPTIONS"))).startsWith("SIP/2.0 400 Bad Request, CSeq");
        assertThat(refusal(MESSY.replace("I:1", "I:1\r\nl: 6"))).startsWith("SIP/2.0 400 Bad Request, Content-Length");
        assertThat(refusal(MESSY.replace("I:1", "I:1\r\nl: -1"))).startsWith("SIP/2.0 400 Bad Request, Content-Length");
        assertThat(refusal(MESSY.replace("I:1", "l: 3\r\nI:1\r\nContent-length: 4")))
                .startsWith("SIP/2.0 400 Bad Request, Content-Length");
        assertThat(refusal(MESSY.replace("I:1", "l: 3\r\nI:1\r\nl: 3, 3")))
                .startsWith("SIP/2.0 400 Bad Request, Content-Length");
        assertThat(refusal(MESSY.replace("010", "many"))).startsWith("SIP/2.0 400 Bad Request, Max-Forwards");
        assertThat(refusal(MESSY.replace("5063;lr", "5063"))).startsWith("SIP/2.0 400 Bad Request, Its Route");
    }

    @Test
    void shouldNotForwardBytesAfterTheBody() {
        assertThat(onward(MESSY.replace("I:1", "l: 3 \t\r\nI:1\r\nContent-Length:\r\n 03")))
                .endsWith("\r\n\r\nbod");
        assertThat(onward(MESSY.replace("I:1", "I:1\r\nl: 0"))).endsWith("\r\n\r\n");
        assertThat(onward(ringing("l: 2\r\n\r\nbody"))).endsWith("\r\n\r\nbo");
    }

    @ParameterizedTest
    @ValueSource(strings = {"l: 5\r\n\r\nbody", "l: x\r\n\r\nbody", "l: 3\r\nContent-Length: 4\r\n\r\nbody"})
    void shouldDropResponsesWithAContentLengthThatDoesNotFit(String rest) {
        assertThat(forward(ringing(rest)))
                .isEqualTo(new Forwarding.Dropped("a response whose Content-Length does not fit"));
    }

    private String ringing(String rest) {
        return ringing(ownVia("SIP/2.0/UDP 192.0.2.3:5063"), "SIP/2.0/UDP 192.0.2.3:5063\r\n" + rest);
    }

    private static String ringing(String via, String rest) {
        return "SIP/2.0 180 Ringing\r\nVia: " + via + "\r\nVia: " + rest + (rest.contains("\r\n") ? "" : "\r\n\r\n");
    }

    @Test
    void shouldForwardARequestThatBeginsWithTheRouteToTheProxy() {
        String request = MESSY.replace("X-First:  kept \t as it is", "Route: <sip:192.0.2.1;lr>")
                .replace("\"no, body\" <sip:192.0.2.1;lr>;x=\"<,\" , ", "");

        String sent = onward(request);

        assertThat(sent)
                .startsWith("OPTIONS sip:a;b?c@192.0.2.3:5063;x=y SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1:5060;branch=")
                .doesNotContain("<sip:192.0.2.1;lr>\r\n");
        assertThat(sent.lines().filter(line -> line.startsWith("Route: "))).hasSize(1);
    }

    @Test
    void shouldAddAllItsFieldsBeforeTheOneThatItRemoves() {
        String sent = onward(String.join(
                "\r\n",
                "INVITE sip:192.0.2.3:5063 SIP/2.0",
                "Route: <sip:192.0.2.1;lr;in-dialog>",
                "Via: SIP/2.0/UDP 192.0.2.2:5062;branch=z9hG4bK1",
                "From: a",
                "To: b",
                "Call-ID: c",
                "CSeq: 1 INVITE",
                "",
                ""));

        assertThat(sent.lines().map(line -> line.replaceAll("[: ].*", "")))
                .containsExactly(
                        "INVITE", "Max-Forwards", "Via", "Record-Route", "Via", "From", "To", "Call-ID", "CSeq", "");
    }

    @Test
    void shouldSkipAllItsRoutesAtOnceInEachForm() {
        String routes = String.join(
                "\r\n",
                "Route: <sip:192.0.2.1;lr>, <sip:0.0.0.0;lr>",
                "X: y",
                "ROUTE :<sip:a@192.0.2.1:5060;lr;in-dialog> ,",
                " \"<\" <sip:192.0.2.3:5063;lr>, <sip:192.0.2.1;lr>",
                "Route: <sip:192.0.2.1;lr>");
        String sent = onward(MESSY.replaceAll("(?m)^Route: .*$", routes));

        assertThat(sent)
                .contains("CSeq:\t7   OPTIONS\r\nX: y\r\nROUTE :\"<\" <sip:192.0.2.3:5063;lr>, <sip:192.0.2.1;lr>\r\n"
                        + "Route: <sip:192.0.2.1;lr>\r\n");
    }

    @Test
    void shouldLeaveAtMostSeventyHops() {
        assertThat(onward(MESSY.replace(" 010", " 9999999"))).contains("Max-forwards:\r\n 69\r\n");
        assertThat(onward(MESSY.replace(" 010", " 70"))).contains("Max-forwards:\r\n 69\r\n");
        assertThat(onward(MESSY.replace(" 010", " 69"))).contains("Max-forwards:\r\n 68\r\n");
    }

    @Test
    void shouldRespondWithTheFieldsOfTheRequest() {
        Forwarding decision = forward(MESSY.replace("010", "0"));

        assertThat(decision).isInstanceOf(Forwarding.Answered.class);
        Forwarding.Answered answered = (Forwarding.Answered) decision;
        assertThat(answered.target()).isEqualTo(SOURCE);
        assertThat(new String(answered.response().array(), ISO_8859_1))
                .matches(String.join(
                        "\r\n",
                        "SIP/2.0 483 Too Many Hops",
                        "v : .*; rport=5062;.*;received=192.0.2.2 , SIP/2.0/TCP .*",
                        "VIA: SIP/2.0/UDP far.example",
                        "f: \"Al, ice\" <sip:a@b;c>;tag=1",
                        "t: sip:b@c;tag=proxy-[0-9a-f]{16}",
                        "I:1",
                        "CSeq:\t7   OPTIONS",
                        "Content-Length: 0",
                        "",
                        ""));
    }

    @Test
    void shouldSurviveRandomDamage() {
        Random random = new Random(42);
        byte[] good = MESSY.getBytes(ISO_8859_1);
        byte[] spice = "\r\n\t ,;:<>\"\\=/[]@?%0a\0\u00ff".getBytes(ISO_8859_1);
        int passed = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] bad = good.clone();
            for (int j = random.nextInt(4); j >= 0; j--) {
                bad[random.nextInt(bad.length)] = spice[random.nextInt(spice.length)];
            }
            Forwarding decision = forwarding.forward(bad, 0, random.nextInt(bad.length + 1), SOURCE);
            passed += decision instanceof Forwarding.Onward ? 1 : 0;
        }
        assertThat(passed).isPositive();
    }
}
