package io.mediaproxy.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.mediaproxy.embedded.EmbeddedDispatcher;
import io.mediaproxy.embedded.Fault;
import io.mediaproxy.session.MediaProxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.sip.PeerUnavailableException;
import javax.sip.SipFactory;
import javax.sip.message.Message;
import javax.sip.message.MessageFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RelayHookTest {
    private static final InetSocketAddress SOURCE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 5060);

    private EmbeddedDispatcher dispatcher;
    private MediaProxy mediaProxy;
    private RelayHook hook;
    private MessageFactory messages;

    @BeforeEach
    void start() throws PeerUnavailableException {
        dispatcher = EmbeddedDispatcher.start();
        mediaProxy = MediaProxy.builder()
                .dispatcherSocket(dispatcher.socket())
                .timeout(Duration.ofSeconds(20))
                .build();
        hook = new RelayHook(mediaProxy);
        messages = SipFactory.getInstance().createMessageFactory();
    }

    @AfterEach
    void stop() {
        hook.close();
        mediaProxy.close();
        dispatcher.close();
    }

    @Test
    void shouldPutTheRelayIntoOfferAndAnswerAndRemoveTheSessionAtTheEnd() throws Exception {
        Message invite = show(request("INVITE", 1, true));
        Message ok = show(reply("200 OK", 1));

        assertThat(body(invite)).contains("c=IN IP4 127.0.0.1").doesNotContain("40000");
        assertThat(body(ok)).contains("c=IN IP4 127.0.0.1").doesNotContain("50000");
        assertThat(dispatcher.sessions()).hasSize(1);
        assertThat(hook.changes())
                .extracting(SdpChange::message, SdpChange::relayed)
                .containsExactly(tuple("INVITE", true), tuple("200 OK", true));
        assertThat(hook.sessionRemoved()).isFalse();

        show(request("BYE", 2, false));
        assertThat(dispatcher.sessions()).isEmpty();
        assertThat(hook.sessionRemoved()).isTrue();
        assertThat(hook.failed()).isNotDone();
    }

    @Test
    void shouldNotOpenASessionForAnAnswerThatComesAgainAfterTheEnd() throws Exception {
        show(request("INVITE", 1, true));
        show(reply("200 OK", 1));
        show(request("BYE", 2, false));
        long commands = dispatcher.counters().commands();
        Message again = show(reply("200 OK", 1));

        assertThat(dispatcher.counters().commands()).isEqualTo(commands);
        assertThat(dispatcher.sessions()).isEmpty();
        assertThat(body(again)).contains("192.168.1.20");
    }

    @Test
    void shouldRemoveTheSessionOfACallThatIsRefused() throws Exception {
        show(request("INVITE", 1, true));
        show(reply("486 Busy here", 1));

        assertThat(dispatcher.sessions()).isEmpty();
        assertThat(hook.sessionRemoved()).isTrue();
    }

    @Test
    void shouldKeepTheSessionOfACallWhoseChangeIsRefused() throws Exception {
        show(request("INVITE", 1, true));
        show(reply("200 OK", 1));
        show(request("INVITE", 2, true));
        show(reply("488 Not acceptable here", 2));

        assertThat(dispatcher.sessions()).hasSize(1);
        assertThat(hook.sessionRemoved()).isFalse();
    }

    @Test
    void shouldRemoveTheSessionOfACallThatIsBrokenOff() throws Exception {
        show(request("INVITE", 1, true));
        assertThat(dispatcher.sessions()).hasSize(1);
        hook.close();

        assertThat(dispatcher.sessions()).isEmpty();
    }

    @Test
    void shouldSayThatAMessageGoesOnWithoutTheRelay() throws Exception {
        dispatcher.order(new Fault.SayError());
        Message invite = show(request("INVITE", 1, true));

        assertThat(body(invite)).contains("10.0.0.10");
        assertThat(hook.failed()).isDone();
        assertThat(hook.changes()).singleElement().satisfies(change -> {
            assertThat(change.relayed()).isFalse();
            assertThat(change.result()).startsWith("dispatcher answered error");
        });
    }

    private Message show(Message message) throws Exception {
        hook.before(message, SOURCE).toCompletableFuture().get(20, TimeUnit.SECONDS);
        return message;
    }

    private static String body(Message message) {
        return new String(message.getRawContent(), StandardCharsets.UTF_8);
    }

    private Message request(String method, int cseq, boolean sdp) throws ParseException {
        String toTag = cseq == 1 ? "" : ";tag=b";
        return messages.createRequest(
                message(method + " sip:bob@example.org SIP/2.0", toTag, cseq + " " + method, sdp ? offer() : ""));
    }

    private Message reply(String status, int cseq) throws ParseException {
        return messages.createResponse(
                message("SIP/2.0 " + status, ";tag=b", cseq + " INVITE", status.startsWith("2") ? answer() : ""));
    }

    private static String offer() {
        return new String(PhoneSdp.describe("alice", "10.0.0.10", 40_000), StandardCharsets.UTF_8);
    }

    private static String answer() {
        return new String(PhoneSdp.describe("bob", "192.168.1.20", 50_000), StandardCharsets.UTF_8);
    }

    private static String message(String startLine, String toTag, String cseq, String body) {
        return String.join(
                "\r\n",
                startLine,
                "Via: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK-1",
                "Max-Forwards: 70",
                "From: <sip:alice@example.org>;tag=a",
                "To: <sip:bob@example.org>" + toTag,
                "Call-ID: call-1",
                "CSeq: " + cseq,
                body.isEmpty() ? "X-Nothing: here" : "Content-Type: application/sdp",
                "Content-Length: " + body.length(),
                "",
                body);
    }
}
