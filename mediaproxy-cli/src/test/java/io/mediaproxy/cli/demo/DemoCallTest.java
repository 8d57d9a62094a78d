package io.mediaproxy.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.embedded.EmbeddedDispatcher;
import io.mediaproxy.embedded.report.Fault;
import io.mediaproxy.examples.phone.Phone;
import io.mediaproxy.examples.phone.SipText;
import io.mediaproxy.session.MediaProxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DemoCallTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private final Set<Thread> threadsBefore = new HashSet<>();

    @BeforeEach
    void rememberThreads() {
        threadsBefore.addAll(Thread.getAllStackTraces().keySet());
    }

    @AfterEach
    void shouldLeaveNoThread() throws InterruptedException {
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            boolean ours = !threadsBefore.contains(thread) && !thread.getName().startsWith("junit-");
            if (ours && !thread.isDaemon()) {
                thread.join(10_000);
                assertThat(thread.isAlive()).as("thread %s", thread.getName()).isFalse();
            }
        }
    }

    @Test
    void shouldCarryAudioBothWaysThroughTheRelay() throws Exception {
        try (LearningRelay relay = new LearningRelay(LOOPBACK, UnaryOperator.identity());
                EmbeddedDispatcher dispatcher = dispatcher(relay);
                MediaProxy mediaProxy = mediaProxy(dispatcher);
                DemoCall call = DemoCall.prepare(LOOPBACK, mediaProxy)) {
            CallOutcome outcome = call.run(() -> CompletableFuture.allOf(
                    call.caller().audio().heard(25), call.callee().audio().heard(25)));

            assertThat(outcome.answered()).isTrue();
            assertThat(outcome.ended()).isEqualTo("BYE answered");
            assertThat(outcome.caller().heardPackets()).isGreaterThanOrEqualTo(25);
            assertThat(outcome.callee().heardPackets()).isGreaterThanOrEqualTo(25);
            assertThat(outcome.caller().foreignPackets()).isZero();
            assertThat(outcome.callee().foreignPackets()).isZero();
            assertThat(outcome.caller().heardBytes()).isEqualTo(outcome.caller().heardPackets() * 172);
            assertThat(problems(outcome)).isEmpty();
            assertThat(arrows(outcome))
                    .containsSubsequence(
                            "caller>proxy INVITE+SDP",
                            "proxy>callee INVITE+SDP",
                            "callee>proxy 180 Ringing",
                            "proxy>caller 180 Ringing",
                            "proxy>caller 200 OK+SDP",
                            "caller>proxy ACK",
                            "proxy>callee ACK",
                            "caller>proxy BYE",
                            "proxy>callee BYE",
                            "callee>proxy 200 OK (BYE)",
                            "proxy>caller 200 OK (BYE)")
                    .containsOnlyOnce("proxy>caller 100 Trying")
                    .doesNotContain("proxy>callee 100 Trying");
        }
    }

    @Test
    void shouldHearNothingWithoutARelay() throws Exception {
        try (EmbeddedDispatcher dispatcher = EmbeddedDispatcher.start();
                MediaProxy mediaProxy = MediaProxy.builder()
                        .dispatcherSocket(dispatcher.socket())
                        .disabled(true)
                        .build();
                DemoCall call = DemoCall.prepare(LOOPBACK, mediaProxy)) {
            CallOutcome outcome = call.run(() -> CompletableFuture.completedFuture(null));

            assertThat(problems(outcome))
                    .hasSize(2)
                    .anyMatch(problem -> problem.startsWith("no audio from caller to callee"))
                    .anyMatch(problem -> problem.startsWith("no audio from callee to caller"));
        }
    }

    @Test
    void shouldReportNoAudioWhenTheRelayForwardsNothing() throws Exception {
        CallOutcome outcome = callThrough(payload -> new byte[0]);

        assertThat(outcome.caller().sentPackets()).isGreaterThanOrEqualTo(10);
        assertThat(outcome.caller().heardPackets()).isZero();
        assertThat(outcome.callee().heardPackets()).isZero();
        assertThat(problems(outcome)).isNotEmpty();
    }

    @Test
    void shouldNotCountOtherPacketsAsAudio() throws Exception {
        CallOutcome outcome = callThrough(payload -> {
            payload[payload.length - 1] ^= 1;
            return payload;
        });

        assertThat(outcome.callee().heardPackets()).isZero();
        assertThat(outcome.callee().foreignPackets()).isPositive();
    }

    @Test
    void shouldAcknowledgeARefusal() throws Exception {
        try (Phone server = new Phone("server", "10.0.0.1", new InetSocketAddress(LOOPBACK, 0));
                DemoPhone caller = DemoPhone.open(DemoCall.ALICE, server.address(), (sent, message) -> {});
                DemoPhone callee = DemoPhone.open(DemoCall.BOB, server.address(), (sent, message) -> {})) {
            CompletableFuture<SipText> response = caller.call(callee);
            server.respond(server.expect("INVITE"), 486, "");

            server.expect("ACK");
            assertThat(response.get(20, TimeUnit.SECONDS).label()).isEqualTo("486 Busy Here");
        }
    }

    private static CallOutcome callThrough(UnaryOperator<byte[]> transform) throws Exception {
        try (LearningRelay relay = new LearningRelay(LOOPBACK, transform);
                EmbeddedDispatcher dispatcher = dispatcher(relay);
                MediaProxy mediaProxy = mediaProxy(dispatcher);
                DemoCall call = DemoCall.prepare(LOOPBACK, mediaProxy)) {
            return call.run(relay::bothTalk);
        }
    }

    /** Replies to the offer and to the answer with the addresses of this relay. */
    private static EmbeddedDispatcher dispatcher(LearningRelay relay) {
        EmbeddedDispatcher dispatcher = EmbeddedDispatcher.start();
        reply(dispatcher, "request", relay.calleeSide());
        reply(dispatcher, "reply", relay.callerSide());
        return dispatcher;
    }

    private static void reply(EmbeddedDispatcher dispatcher, String type, InetSocketAddress side) {
        dispatcher.inject(
                new Fault.Reply(side.getAddress().getHostAddress() + ' ' + side.getPort()),
                command -> command.text().contains("\r\ntype: " + type + "\r\n"));
    }

    private static MediaProxy mediaProxy(EmbeddedDispatcher dispatcher) {
        return MediaProxy.builder()
                .dispatcherSocket(dispatcher.socket())
                .timeout(PATIENCE)
                .build();
    }

    private static List<String> problems(CallOutcome outcome) {
        return new DemoReport(true, outcome, List.of(), null, true).problems();
    }

    private static List<String> arrows(CallOutcome outcome) {
        return outcome.messages().stream()
                .map(step -> step.from() + ">" + step.to() + " " + step.message() + (step.sdp() ? "+SDP" : ""))
                .toList();
    }
}
