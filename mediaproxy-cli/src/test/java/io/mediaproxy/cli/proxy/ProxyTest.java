package io.mediaproxy.cli.proxy;

import static io.mediaproxy.cli.proxy.SipPhone.branch;
import static io.mediaproxy.cli.proxy.SipPhone.values;
import static io.mediaproxy.cli.proxy.SipPhone.withSdp;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.embedded.EmbeddedDispatcher;
import io.mediaproxy.embedded.report.ReceivedCommand;
import io.mediaproxy.examples.SipServer;
import io.mediaproxy.examples.pkts.proxy.PktsProxy;
import io.mediaproxy.session.MediaProxy;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The proxy between two sockets, on each stack. */
@ParameterizedClass
@EnumSource(ProxyTest.Stack.class)
@Timeout(60)
class ProxyTest {
    private static final String COOKIE = "z9hG4bK";
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    enum Stack {
        PKTS,
        JAIN_SIP
    }

    @Parameter
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Stack stack;

    private final CompletableFuture<ReceivedCommand> asked = new CompletableFuture<>();
    private CountDownLatch gate = new CountDownLatch(0);
    private EmbeddedDispatcher dispatcher;
    private MediaProxy mediaProxy;
    private ProxyStatistics statistics;
    private SipPhone caller;
    private SipPhone callee;

    @SuppressWarnings("NullAway.Init") // every test begins with start
    private SipServer proxy;

    @BeforeEach
    void open() throws Exception {
        caller = new SipPhone();
        callee = new SipPhone();
        dispatcher = EmbeddedDispatcher.builder()
                .commandListener(this::waitAtTheGate)
                .start();
        statistics = new ProxyStatistics(System::nanoTime);
        MediaProxy.Builder builder =
                MediaProxy.builder().dispatcherSocket(dispatcher.socket()).timeout(Duration.ofSeconds(20));
        statistics.watch(builder);
        mediaProxy = builder.build();
        statistics.watch(mediaProxy, () -> dispatcher.counters().liveSessions());
    }

    @AfterEach
    void close() {
        gate.countDown();
        proxy.close();
        mediaProxy.close();
        dispatcher.close();
        caller.close();
        callee.close();
    }

    private void waitAtTheGate(ReceivedCommand command) {
        asked.complete(command);
        try {
            assertThat(gate.await(20, SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void start(@Nullable InetSocketAddress next) throws Exception {
        proxy = stack == Stack.PKTS
                ? PktsProxy.start(ANY_PORT, next, mediaProxy, statistics)
                : JainSipProxy.start(ANY_PORT, next, mediaProxy, statistics);
    }

    private String bob() {
        return "sip:bob@127.0.0.1:" + callee.port();
    }

    private String alice() {
        return "sip:alice@127.0.0.1:" + caller.port();
    }

    private String route(String parameters) {
        return "Route: <sip:127.0.0.1:" + proxy.address().getPort() + ";lr" + parameters + ">";
    }

    @Test
    void shouldForwardARequestWithViaRecordRouteAndRelay() throws Exception {
        start(null);
        String sent = withSdp(caller.request("INVITE", bob(), COOKIE + "1;rport"));
        caller.send(proxy.address(), sent);
        String invite = callee.receive();

        String us = "127.0.0.1:" + proxy.address().getPort();
        assertThat(invite).startsWith("INVITE " + bob() + " SIP/2.0\r\n");
        assertThat(values(invite, "Via")).hasSize(2);
        assertThat(values(invite, "Via").get(0)).matches("SIP/2.0/UDP " + us + ";branch=" + COOKIE + "[0-9a-f]{16}");
        assertThat(values(invite, "Via").get(1))
                .contains(";rport=" + caller.port())
                .contains(";received=127.0.0.1");
        assertThat(values(invite, "Record-Route")).containsExactly("<sip:" + us + ";lr;in-dialog>");
        assertThat(values(invite, "Max-Forwards")).containsExactly("69");
        assertThat(invite).contains("c=IN IP4 127.0.0.1\r\n").doesNotContain("m=audio 40000 ");
        assertThat(values(invite, "Content-Length"))
                .containsExactly(Integer.toString(invite.length() - invite.indexOf("\r\n\r\n") - 4));
    }

    @Test
    void shouldRespondToTheSourcePortIfTheViaAsksForIt() throws Exception {
        start(null);
        String request = caller.request("OPTIONS", bob(), COOKIE + "1;rport");
        caller.send(proxy.address(), request.replace("UDP 127.0.0.1:" + caller.port(), "UDP 192.0.2.1:1"));
        callee.send(proxy.address(), callee.reply(callee.receive(), "200 OK"));

        String reply = caller.receive();
        assertThat(reply).startsWith("SIP/2.0 200 OK\r\n");
        assertThat(values(reply, "Via")).singleElement().asString().startsWith("SIP/2.0/UDP 192.0.2.1:1;");
    }

    @Test
    void shouldRespondToThePortOfTheViaOtherwise() throws Exception {
        start(null);
        try (SipPhone other = new SipPhone()) {
            other.send(proxy.address(), caller.request("OPTIONS", bob(), COOKIE + "1"));
            callee.send(proxy.address(), callee.reply(callee.receive(), "100 Trying"));

            assertThat(caller.receive()).startsWith("SIP/2.0 100 Trying\r\n");
        }
    }

    @Test
    void shouldNotBelieveTheReceivedThatTheSenderWrites() throws Exception {
        start(null);
        String forged = COOKIE + "1;received=127.0.0.9";
        caller.send(proxy.address(), caller.request("OPTIONS", bob(), forged));
        callee.send(proxy.address(), callee.reply(callee.receive(), "200 OK"));
        assertThat(caller.receive()).startsWith("SIP/2.0 200 OK\r\n");

        caller.send(proxy.address(), withSdp(caller.request("INVITE", bob(), forged, "Call-ID: two")));
        assertThat(callee.receive()).startsWith("INVITE ");
        assertThat(asked.get(20, SECONDS).text()).contains("signaling_ip: 127.0.0.1\r\n");
        caller.send(proxy.address(), caller.request("OPTIONS", bob(), forged, "Call-ID: three", "Max-Forwards: 0"));
        assertThat(caller.receive()).startsWith("SIP/2.0 483 ");
    }

    @Test
    void shouldRelayABodyWithoutContentLength() throws Exception {
        start(null);
        String length = "Content-Length: " + SipPhone.SDP.length() + "\r\n";
        String request = withSdp(caller.request("INVITE", bob(), COOKIE + "1"));
        caller.send(proxy.address(), request.replace(length, ""));
        String invite = callee.receive();
        assertRelayed(invite);
        callee.send(proxy.address(), withSdp(callee.reply(invite, "200 OK")).replace(length, ""));
        assertRelayed(caller.receive());
    }

    @Test
    void shouldAcceptBlanksAfterTheContentLength() throws Exception {
        start(null);
        String length = "Content-Length: " + SipPhone.SDP.length();
        caller.send(
                proxy.address(),
                withSdp(caller.request("INVITE", bob(), COOKIE + "1")).replace(length, length + " \t"));

        assertRelayed(callee.receive());
    }

    @Test
    void shouldNotForwardBytesAfterTheBody() throws Exception {
        start(null);
        caller.send(
                proxy.address(), withSdp(caller.request("INVITE", bob(), COOKIE + "1")) + "m=audio 6 RTP/AVP 0\r\n");
        String invite = callee.receive();
        assertRelayed(invite);
        callee.send(proxy.address(), callee.reply(invite, "180 Ringing") + "after the body");
        assertThat(caller.receive()).startsWith("SIP/2.0 180 ").endsWith("\r\n\r\n");
    }

    /** Its SDP leads to the relay, and has nothing after it. */
    private static void assertRelayed(String message) {
        String body = message.substring(message.indexOf("\r\n\r\n") + 4);
        assertThat(body).contains("c=IN IP4 127.0.0.1\r\n").doesNotContain("m=audio 40000 ");
        assertThat(body.split("m=audio ", -1)).hasSize(2);
        assertThat(values(message, "Content-Length"))
                .allSatisfy(length -> assertThat(length.strip()).isEqualTo(Integer.toString(body.length())));
    }

    @Test
    void shouldRefuseContentLengthsThatDifferOrDoNotFit() throws Exception {
        start(null);
        for (String more : List.of("l: 20", "Content-Length: 9999")) {
            String request = withSdp(caller.request("INVITE", bob(), COOKIE + "1", "Call-ID: " + more, more));
            caller.send(proxy.address(), request);
            assertThat(caller.receive()).startsWith("SIP/2.0 400 ");
        }
        String ringing = callee.reply(caller.request("OPTIONS", bob(), COOKIE + "1"), "180 Ringing");
        callee.send(proxy.address(), ringing.replace("Content-Length: 0", "Content-Length: 0\r\nl: 1"));
        awaitTurn();
        assertThat(dispatcher.sessions()).isEmpty();
    }

    @Test
    void shouldForwardARequestThatBeginsWithTheRouteToTheProxy() throws Exception {
        start(null);
        String request = caller.request("OPTIONS", bob(), COOKIE + "1");
        caller.send(proxy.address(), request.replace(" SIP/2.0\r\n", " SIP/2.0\r\n" + route("") + "\r\n"));

        String sent = callee.receive();
        assertThat(sent).startsWith("OPTIONS ");
        assertThat(values(sent, "Route")).isEmpty();
        assertThat(values(sent, "Via")).hasSize(2);
    }

    @Test
    void shouldDropRetransmissionsOfARequestThatWaits() throws Exception {
        gate = new CountDownLatch(1);
        start(null);
        String invite = withSdp(caller.request("INVITE", bob(), COOKIE + "1"));
        caller.send(proxy.address(), invite);
        asked.get(20, SECONDS);
        for (int i = 0; i < 9; i++) {
            caller.send(proxy.address(), invite);
        }
        caller.send(proxy.address(), caller.request("CANCEL", bob(), COOKIE + "1"));
        caller.send(proxy.address(), caller.request("OPTIONS", bob(), COOKIE + "2", "Call-ID: other"));
        assertThat(callee.receive()).startsWith("OPTIONS ");
        gate.countDown();

        assertThat(callee.receive()).startsWith("INVITE ");
        assertThat(callee.receive()).startsWith("CANCEL ");
        awaitTurn();
        caller.send(proxy.address(), invite);
        assertThat(callee.receive()).as("one that no longer waits").startsWith("INVITE ");
    }

    @Test
    void shouldUseOneBranchForRetransmissionCancelAndAck() throws Exception {
        start(null);
        String invite = caller.request("INVITE", bob(), COOKIE + "1");
        caller.send(proxy.address(), invite);
        String first = callee.receive();
        awaitTurn();
        caller.send(proxy.address(), invite);
        String second = callee.receive();
        caller.send(proxy.address(), caller.request("CANCEL", bob(), COOKIE + "1"));
        String cancel = callee.receive();
        callee.send(proxy.address(), callee.reply(first, "487 Request Terminated"));
        assertThat(caller.receive()).startsWith("SIP/2.0 487 ");
        caller.send(proxy.address(), caller.request("ACK", bob(), COOKIE + "1", "To: <sip:bob@example.org>;tag=b"));
        String ack = callee.receive();
        caller.send(proxy.address(), caller.request("INVITE", bob(), COOKIE + "2", "Call-ID: next"));

        assertThat(second).isEqualTo(first);
        assertThat(cancel).startsWith("CANCEL ");
        assertThat(values(cancel, "Record-Route")).isEmpty();
        assertThat(ack).startsWith("ACK ");
        assertThat(List.of(branch(cancel), branch(ack))).containsOnly(branch(first));
        assertThat(branch(callee.receive())).isNotEqualTo(branch(first));
    }

    @Test
    void shouldCarryAWholeCallThroughTheRelayAndLeaveNoSession() throws Exception {
        start(callee.address());
        caller.send(proxy.address(), withSdp(caller.request("INVITE", "sip:bob@example.org", COOKIE + "1")));
        String invite = callee.receive();
        callee.send(proxy.address(), withSdp(callee.reply(invite, "200 OK")));
        String ok = caller.receive();
        assertThat(ok).contains("c=IN IP4 127.0.0.1\r\n");
        assertThat(dispatcher.sessions()).hasSize(1);

        String route = "Route: " + values(ok, "Record-Route").get(0);
        String to = "To: " + values(ok, "To").get(0);
        caller.send(proxy.address(), caller.request("ACK", bob(), COOKIE + "2", route, to));
        assertThat(callee.receive()).startsWith("ACK " + bob());
        // The other way round: the callee hangs up, and --next is no business of a request within the call.
        String bye = callee.request(
                "BYE",
                alice(),
                COOKIE + "3",
                route,
                "From: " + values(ok, "To").get(0),
                "To: <sip:alice@example.org>;tag=a");
        callee.send(proxy.address(), bye);
        String received = caller.receive();
        assertThat(received).startsWith("BYE " + alice());
        assertThat(values(received, "Route")).isEmpty();
        assertThat(values(received, "Record-Route")).isEmpty();
        caller.send(proxy.address(), caller.reply(received, "200 OK"));
        assertThat(callee.receive()).startsWith("SIP/2.0 200 OK");

        proxy.close();
        assertThat(dispatcher.sessions()).isEmpty();
        assertThat(statistics.total())
                .startsWith("total: calls 1 ")
                .contains(", up 0, sessions 0, messages 5 ", " commands 3 ", ", errors 0, refused 0, dropped 0");
    }

    @Test
    void shouldUseTheNextServerForAConfiguredRoute() throws Exception {
        start(callee.address());
        caller.send(proxy.address(), caller.request("INVITE", "sip:bob@example.org", COOKIE + "1", route("")));

        String invite = callee.receive();
        assertThat(invite).startsWith("INVITE sip:bob@example.org SIP/2.0\r\n");
        assertThat(values(invite, "Route")).isEmpty();
    }

    @Test
    void shouldFollowTheRestOfTheRoute() throws Exception {
        start(caller.address());
        String next = "<sip:127.0.0.1:" + callee.port() + ";lr>";
        caller.send(
                proxy.address(),
                caller.request("INVITE", "sip:bob@example.org", COOKIE + "1", route("") + ", " + next));
        assertThat(values(callee.receive(), "Route")).containsExactly(next);
        caller.send(
                proxy.address(),
                caller.request(
                        "INVITE", "sip:bob@example.org", COOKIE + "2", "Call-ID: two", route(""), "Route: " + next));
        assertThat(values(callee.receive(), "Route")).containsExactly(next);
    }

    @Test
    void shouldRefuseUnroutableRequestsAndAbsorbTheirAck() throws Exception {
        start(null);
        String us = "sip:127.0.0.1:" + proxy.address().getPort();
        assertThat(refusal("INVITE", bob(), "Max-Forwards: 0")).startsWith("SIP/2.0 483 ");
        assertThat(refusal("INVITE", us, "Max-Forwards: 70")).startsWith("SIP/2.0 404 ");
        assertThat(refusal("INVITE", "sip:bob@example.org", "Max-Forwards: 70")).startsWith("SIP/2.0 503 ");
        assertThat(refusal("INVITE", "tel:+1234", "Max-Forwards: 70")).startsWith("SIP/2.0 416 ");
        assertThat(refusal("INVITE", bob(), "Route: <sip:192.0.2.1>")).startsWith("SIP/2.0 400 ");
        String extension = refusal("INVITE", bob(), "Proxy-Require: telepathy");
        assertThat(extension).startsWith("SIP/2.0 420 ");
        assertThat(values(extension, "Unsupported")).containsExactly("telepathy");

        String tag = values(extension, "To").get(0);
        assertThat(tag).contains(";tag=proxy-");
        assertThat(refusal("INVITE", bob(), "Proxy-Require: telepathy")).isEqualTo(extension);
        caller.send(proxy.address(), caller.request("ACK", bob(), COOKIE + "1", "To: " + tag));
        caller.send(proxy.address(), caller.request("ACK", bob(), COOKIE + "1", "Max-Forwards: 0"));
        caller.send(proxy.address(), caller.request("OPTIONS", bob(), COOKIE + "9"));
        assertThat(callee.receive()).startsWith("OPTIONS ");
        assertThat(dispatcher.sessions()).isEmpty();
        assertThat(statistics.total()).contains(", refused 7, dropped 2");
    }

    private String refusal(String method, String uri, String field) throws Exception {
        caller.send(proxy.address(), withSdp(caller.request(method, uri, COOKIE + "1", field)));
        String refusal = caller.receive();
        awaitTurn();
        return refusal;
    }

    /** Has another request go through: JAIN-SIP drops a repeated one while its thread is not done with the first. */
    private void awaitTurn() throws Exception {
        caller.send(proxy.address(), caller.request("OPTIONS", bob(), COOKIE + "turn", "Call-ID: turn"));
        assertThat(callee.receive()).startsWith("OPTIONS ");
    }

    @Test
    void shouldIgnoreInvalidMessages() throws Exception {
        start(null);
        for (String junk : List.of(
                "",
                "\r\n\r\n",
                "\0",
                "hello",
                "INVITE\r\n\r\n",
                "SIP/2.0 200 OK\r\n\r\n",
                "INVITE sip:%s%n@x SIP/2.0\r\nVia: %d\r\n\r\n",
                caller.reply(caller.request("OPTIONS", bob(), COOKIE + "1"), "200 OK"))) {
            caller.send(proxy.address(), junk);
        }
        caller.send(proxy.address(), caller.request("OPTIONS", bob(), COOKIE + "1"));

        assertThat(callee.receive()).startsWith("OPTIONS ");
    }

    @Test
    void shouldKeepTheOrderOfACallAndNotDelayOthers() throws Exception {
        gate = new CountDownLatch(1);
        start(null);
        caller.send(proxy.address(), withSdp(caller.request("INVITE", bob(), COOKIE + "1")));
        asked.get(20, SECONDS);
        caller.send(proxy.address(), caller.request("CANCEL", bob(), COOKIE + "1"));
        caller.send(proxy.address(), caller.request("OPTIONS", bob(), COOKIE + "2", "Call-ID: other"));

        assertThat(callee.receive()).startsWith("OPTIONS ");
        gate.countDown();
        assertThat(callee.receive()).startsWith("INVITE ");
        assertThat(callee.receive()).startsWith("CANCEL ");
    }

    @Test
    void shouldForwardPendingMessagesWhenItCloses() throws Exception {
        gate = new CountDownLatch(1);
        start(null);
        caller.send(proxy.address(), withSdp(caller.request("INVITE", bob(), COOKIE + "1")));
        asked.get(20, SECONDS);
        CompletableFuture<Void> closed = CompletableFuture.runAsync(proxy::close);
        gate.countDown();

        assertThat(callee.receive()).startsWith("INVITE ").contains("c=IN IP4 127.0.0.1\r\n");
        closed.get(20, SECONDS);
        assertThat(dispatcher.sessions()).as("of a call that goes on").hasSize(1);
        new DatagramSocket(proxy.address()).close(); // the port is free again
    }
}
