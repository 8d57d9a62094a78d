package io.mediaproxy.jainsip;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.embedded.EmbeddedDispatcher;
import io.mediaproxy.embedded.report.Fault;
import io.mediaproxy.embedded.report.ReceivedCommand;
import io.mediaproxy.session.CallAttributes;
import io.mediaproxy.session.MediaProxy;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.sip.ClientTransaction;
import javax.sip.DialogTerminatedEvent;
import javax.sip.IOExceptionEvent;
import javax.sip.PeerUnavailableException;
import javax.sip.RequestEvent;
import javax.sip.ResponseEvent;
import javax.sip.ServerTransaction;
import javax.sip.SipFactory;
import javax.sip.SipListener;
import javax.sip.SipProvider;
import javax.sip.Timeout;
import javax.sip.TimeoutEvent;
import javax.sip.TransactionTerminatedEvent;
import javax.sip.message.Message;
import javax.sip.message.MessageFactory;
import javax.sip.message.Request;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The events at a server's listener and the commands at the dispatcher. The test creates the events as a stack does.
 */
@org.junit.jupiter.api.Timeout(60)
class EngagedListenerTest {
    private static final String SDP =
            "v=0\r\no=- 1 1 IN IP4 10.0.0.1\r\ns=-\r\nc=IN IP4 10.0.0.1\r\nt=0 0\r\nm=audio 5012 RTP/AVP 0\r\n";
    private static final Fault SLOW = new Fault.Delay(Duration.ofMillis(200));

    private final List<String> commands = new CopyOnWriteArrayList<>();
    private final CompletableFuture<String> removed = new CompletableFuture<>();
    private final EmbeddedDispatcher dispatcher = EmbeddedDispatcher.builder()
            .commandListener(this::note)
            .sessionListener(session -> removed.complete(session.callId()))
            .start();
    private final MediaProxy mediaProxy = MediaProxy.builder()
            .dispatcherSocket(dispatcher.socket())
            .timeout(Duration.ofSeconds(20))
            .build();
    private final Recorder recorder = new Recorder();
    private final JainSipMediaProxy jainSip = new JainSipMediaProxy(mediaProxy);
    private final SipListener listener = jainSip.engage(recorder);
    private final SipProvider provider = stub(SipProvider.class, null);
    private final MessageFactory messages;

    EngagedListenerTest() throws PeerUnavailableException {
        messages = SipFactory.getInstance().createMessageFactory();
    }

    @AfterEach
    void stop() {
        mediaProxy.close();
        dispatcher.close();
    }

    private void note(ReceivedCommand command) {
        commands.add(command.text().lines().findFirst().orElseThrow());
    }

    @Test
    void shouldDeliverMessagesWithTheRelayAndRemoveTheSession() throws Exception {
        listener.processRequest(event(invite("a", 1)));
        assertThat(recorder.next())
                .startsWith("INVITE")
                .contains("c=IN IP4 127.0.0.1")
                .doesNotContain("5012");

        listener.processResponse(
                new ResponseEvent(provider, null, null, messages.createResponse(reply("200 OK", "a", 1, SDP))));
        assertThat(recorder.next()).startsWith("SIP/2.0 200").contains("c=IN IP4 127.0.0.1");

        listener.processRequest(event(request("ACK", "a", 1, ";tag=b")));
        assertThat(recorder.next()).startsWith("ACK");
        assertThat(dispatcher.sessions()).hasSize(1);

        listener.processRequest(event(request("BYE", "a", 2, ";tag=b")));
        assertThat(recorder.next()).startsWith("BYE");
        assertThat(dispatcher.sessions()).isEmpty();
        assertThat(commands).containsExactly("update", "update", "remove");
        assertThat(mediaProxy.engagedCalls().size()).isZero();
    }

    @Test
    void shouldKeepTheOrderOfACallWithoutBlockingAThread() throws Exception {
        dispatcher.inject(SLOW);
        listener.processRequest(event(invite("a", 1)));
        listener.processRequest(event(request("CANCEL", "a", 1, "")));
        assertThat(recorder.seen).isEmpty(); // It came back before the dispatcher has answered.

        listener.processRequest(event(invite("b", 1)));
        assertThat(recorder.next()).startsWith("INVITE").contains("Call-ID: b");
        assertThat(recorder.next()).startsWith("INVITE").contains("Call-ID: a");
        assertThat(recorder.next()).startsWith("CANCEL").contains("Call-ID: a");
    }

    @Test
    void shouldDropARetransmissionOfAWaitingRequest() throws Exception {
        dispatcher.inject(SLOW);
        listener.processRequest(event(invite("a", 1)));
        listener.processRequest(event(invite("a", 1)));
        assertThat(recorder.next()).startsWith("INVITE");

        listener.processRequest(event(request("BYE", "a", 2, ";tag=b")));
        assertThat(recorder.next()).startsWith("BYE");
        assertThat(commands).containsExactly("update");
    }

    @Test
    void shouldDeliverTheMessageUnchangedWhenTheDispatcherRefuses() throws Exception {
        dispatcher.inject(new Fault.ReplyError());
        listener.processRequest(event(invite("a", 1)));

        assertThat(recorder.next()).startsWith("INVITE").endsWith("\r\n\r\n" + SDP);
    }

    @Test
    void shouldEngageOnlyChosenCalls() throws Exception {
        SipListener choosy = jainSip.engage(
                recorder,
                event -> event.getRequest().toString().contains("Call-ID: a")
                        ? Optional.of(CallAttributes.NONE)
                        : Optional.empty());
        choosy.processRequest(event(invite("b", 1)));
        assertThat(recorder.next()).endsWith(SDP);
        choosy.processRequest(event(invite("a", 1)));
        assertThat(recorder.next()).doesNotContain("5012");
        assertThat(commands).hasSize(1);
    }

    @Test
    void shouldKeepTheSessionWhenOneBranchOfAForkRefuses() throws Exception {
        Request invite = invite("a", 1);
        listener.processRequest(event(invite));
        recorder.next();
        ClientTransaction branch = stub(ClientTransaction.class, invite);
        listener.processResponse(
                new ResponseEvent(provider, branch, null, messages.createResponse(reply("486 Busy Here", "a", 1, ""))));
        recorder.next();
        assertThat(dispatcher.sessions()).hasSize(1);

        listener.processTransactionTerminated(
                new TransactionTerminatedEvent(provider, stub(ServerTransaction.class, invite)));
        assertThat(recorder.next()).isEqualTo("transaction terminated");
        assertThat(removed.get(20, TimeUnit.SECONDS)).isEqualTo("a");
        assertThat(commands).containsExactly("update", "remove");
    }

    @Test
    void shouldKeepTheSessionWhenTheInviteTransactionIsAnswered() throws Exception {
        Request invite = invite("a", 1);
        listener.processRequest(event(invite));
        listener.processResponse(new ResponseEvent(
                provider,
                stub(ClientTransaction.class, invite),
                null,
                messages.createResponse(reply("200 OK", "a", 1, SDP))));
        listener.processTransactionTerminated(
                new TransactionTerminatedEvent(provider, stub(ServerTransaction.class, invite)));
        assertThat(recorder.next()).startsWith("INVITE");
        assertThat(recorder.next()).startsWith("SIP/2.0 200");
        assertThat(recorder.next()).isEqualTo("transaction terminated");
        assertThat(dispatcher.sessions()).hasSize(1);
    }

    @Test
    void shouldRecogniseTheSecondLegOfAB2buaByTheRelayInItsOffer() throws Exception {
        Request first = invite("a", 1);
        listener.processRequest(event(first));
        recorder.next();
        String relayed = new String(first.getRawContent(), StandardCharsets.UTF_8);
        Request second =
                messages.createRequest(message("INVITE sip:bob@example.org SIP/2.0", "z", "", "7 INVITE", relayed));
        listener.processResponse(new ResponseEvent(
                provider,
                stub(ClientTransaction.class, second),
                null,
                messages.createResponse(reply("200 OK", "z", 7, SDP))));

        assertThat(recorder.next())
                .startsWith("SIP/2.0 200")
                .contains("Call-ID: z")
                .doesNotContain("5012");
        assertThat(dispatcher.sessions()).singleElement().satisfies(session -> {
            assertThat(session.callId()).isEqualTo("a");
            assertThat(session.streams()).hasSize(1);
        });

        listener.processRequest(event(request("BYE", "z", 8, ";tag=b")));
        recorder.next();
        assertThat(dispatcher.sessions()).isEmpty();
    }

    @Test
    void shouldDeliverAllOtherEvents() throws Exception {
        Request options = request("OPTIONS", "o", 1, "");
        listener.processRequest(event(options));
        assertThat(recorder.next()).startsWith("OPTIONS");
        listener.processTimeout(
                new TimeoutEvent(provider, stub(ClientTransaction.class, options), Timeout.TRANSACTION));
        assertThat(recorder.next()).isEqualTo("timeout");
        listener.processIOException(new IOExceptionEvent(provider, "127.0.0.1", 5060, "udp"));
        assertThat(recorder.next()).isEqualTo("io exception");
        assertThat(commands).isEmpty();
    }

    private RequestEvent event(Request request) {
        return new RequestEvent(provider, null, null, request);
    }

    private Request invite(String callId, int cseq) throws ParseException {
        return messages.createRequest(message("INVITE sip:bob@example.org SIP/2.0", callId, "", cseq + " INVITE", SDP));
    }

    private Request request(String method, String callId, int cseq, String toTag) throws ParseException {
        return messages.createRequest(
                message(method + " sip:bob@example.org SIP/2.0", callId, toTag, cseq + " " + method, ""));
    }

    private static String reply(String status, String callId, int cseq, String body) {
        return message("SIP/2.0 " + status, callId, ";tag=b", cseq + " INVITE", body);
    }

    private static String message(String startLine, String callId, String toTag, String cseq, String body) {
        return String.join(
                "\r\n",
                startLine,
                "Via: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK-" + cseq.replace(' ', '-'),
                "Max-Forwards: 70",
                "From: <sip:alice@example.org>;tag=" + callId + "-tag",
                "To: <sip:bob@example.org>" + toTag,
                "Call-ID: " + callId,
                "CSeq: " + cseq,
                body.isEmpty() ? "X-Nothing: here" : "Content-Type: application/sdp",
                "Content-Length: " + body.length(),
                "",
                body);
    }

    /** Knows its request, and nothing else. */
    private static <T> T stub(Class<T> type, @Nullable Request request) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (self, method, arguments) -> method.getName().equals("getRequest") ? request : null));
    }

    private static final class Recorder implements SipListener {
        private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

        String next() throws InterruptedException {
            return Optional.ofNullable(seen.poll(20, TimeUnit.SECONDS)).orElseThrow();
        }

        private void see(Message message) {
            seen.add(message.toString());
        }

        @Override
        public void processRequest(RequestEvent event) {
            see(event.getRequest());
        }

        @Override
        public void processResponse(ResponseEvent event) {
            see(event.getResponse());
        }

        @Override
        public void processTimeout(TimeoutEvent event) {
            seen.add("timeout");
        }

        @Override
        public void processIOException(IOExceptionEvent event) {
            seen.add("io exception");
        }

        @Override
        public void processTransactionTerminated(TransactionTerminatedEvent event) {
            seen.add("transaction terminated");
        }

        @Override
        public void processDialogTerminated(DialogTerminatedEvent event) {
            seen.add("dialog terminated");
        }
    }
}
