package io.mediaproxy.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
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
    void shouldLeaveNoThreadThatKeepsTheJvmAlive() throws InterruptedException {
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
        try (LearningRelay relay = relay(UnaryOperator.identity())) {
            ReplacingMedia media = new ReplacingMedia(relay);
            try (DemoCall call = DemoCall.prepare(LOOPBACK, Callee.Manner.ANSWER, media, PATIENCE)) {
                CallOutcome outcome = call.run(() -> CompletableFuture.allOf(
                        call.caller().audio().heard(25), call.callee().audio().heard(25)));

                assertThat(outcome.answered()).isTrue();
                assertThat(outcome.ended()).isEqualTo("BYE answered");
                assertThat(outcome.caller().heardPackets()).isGreaterThanOrEqualTo(25);
                assertThat(outcome.callee().heardPackets()).isGreaterThanOrEqualTo(25);
                assertThat(outcome.caller().foreignPackets()).isZero();
                assertThat(outcome.callee().foreignPackets()).isZero();
                assertThat(outcome.caller().heardBytes())
                        .isEqualTo(outcome.caller().heardPackets() * 172);
                assertThat(new DemoReport(true, outcome, List.of(), null, true).problems())
                        .isEmpty();
                assertThat(media.seen()).containsExactly("INVITE", "180 INVITE", "200 INVITE", "ACK", "BYE", "200 BYE");
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
    }

    @Test
    void shouldHearNothingWithoutARelayBecausePrivateAddressesLeadNowhere() throws Exception {
        try (DemoCall call = DemoCall.prepare(LOOPBACK, Callee.Manner.ANSWER, UnaryOperator.identity(), PATIENCE)) {
            CallOutcome outcome = call.run(() -> CompletableFuture.completedFuture(null));

            assertThat(call.caller().answered().join().getAddress().getHostAddress())
                    .isEqualTo(DemoCall.BOB.privateAddress());
            assertThat(new DemoReport(true, outcome, List.of(), null, true).problems())
                    .hasSize(2)
                    .anyMatch(problem -> problem.startsWith("no audio from caller to callee"))
                    .anyMatch(problem -> problem.startsWith("no audio from callee to caller"));
        }
    }

    @Test
    void shouldReportNoAudioWhenTheRelayForwardsNothing() throws Exception {
        try (LearningRelay relay = relay(payload -> new byte[0]);
                DemoCall call = DemoCall.prepare(LOOPBACK, Callee.Manner.ANSWER, new ReplacingMedia(relay), PATIENCE)) {
            CallOutcome outcome = call.run(relay::bothTalk);

            assertThat(outcome.caller().sentPackets()).isGreaterThanOrEqualTo(10);
            assertThat(outcome.caller().heardPackets()).isZero();
            assertThat(outcome.callee().heardPackets()).isZero();
            assertThat(new DemoReport(true, outcome, List.of(), null, true).worked())
                    .isFalse();
        }
    }

    @Test
    void shouldNotTakeAnyPacketForAudio() throws Exception {
        UnaryOperator<byte[]> noise = payload -> {
            payload[payload.length - 1] ^= 1;
            return payload;
        };
        try (LearningRelay relay = relay(noise);
                DemoCall call = DemoCall.prepare(LOOPBACK, Callee.Manner.ANSWER, new ReplacingMedia(relay), PATIENCE)) {
            CallOutcome outcome = call.run(relay::bothTalk);

            assertThat(outcome.callee().heardPackets()).isZero();
            assertThat(outcome.callee().foreignPackets()).isPositive();
        }
    }

    @Test
    void shouldTellTheCallerThatTheCalleeIsBusy() throws Exception {
        try (LearningRelay relay = relay(UnaryOperator.identity())) {
            ReplacingMedia media = new ReplacingMedia(relay);
            try (DemoCall call = DemoCall.prepare(LOOPBACK, Callee.Manner.BUSY, media, PATIENCE)) {
                CallOutcome outcome = call.run(CompletableFuture::new);

                assertThat(outcome.answered()).isFalse();
                assertThat(outcome.ended()).isEqualTo("486 Busy here");
                assertThat(media.seen()).containsExactly("INVITE", "486 INVITE");
                assertThat(new DemoReport(true, outcome, List.of(), null, true).problems())
                        .containsExactly("the call was not answered: 486 Busy here");
                assertThat(arrows(outcome))
                        .containsSubsequence("callee>proxy 486 Busy here", "proxy>callee ACK")
                        .contains("proxy>caller 486 Busy here");
            }
        }
    }

    @Test
    void shouldPassACancelOn() throws Exception {
        try (LearningRelay relay = relay(UnaryOperator.identity())) {
            ReplacingMedia media = new ReplacingMedia(relay);
            try (DemoCall call = DemoCall.prepare(LOOPBACK, Callee.Manner.KEEP_RINGING, media, PATIENCE)) {
                CompletableFuture<CallOutcome> running = CompletableFuture.supplyAsync(() -> run(call), elsewhereToo());
                call.caller().ringing().get(20, TimeUnit.SECONDS);
                call.caller().cancel();
                CallOutcome outcome = running.get(20, TimeUnit.SECONDS);
                call.callee().ended().get(20, TimeUnit.SECONDS);

                assertThat(outcome.ended()).isEqualTo("487 Request Terminated");
                assertThat(media.seen())
                        .startsWith("INVITE", "180 INVITE", "CANCEL")
                        .contains("487 INVITE");
                assertThat(arrows(call.outcome(false, "")))
                        .containsSubsequence(
                                "caller>proxy CANCEL", "proxy>callee CANCEL", "callee>proxy 200 OK (CANCEL)");
            }
        }
    }

    private Executor elsewhereToo() {
        return task -> new Thread(task, "test").start();
    }

    private static CallOutcome run(DemoCall call) {
        try {
            return call.run(() -> CompletableFuture.completedFuture(null));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static LearningRelay relay(UnaryOperator<byte[]> transform) throws IOException {
        return new LearningRelay(LOOPBACK, transform);
    }

    private static List<String> arrows(CallOutcome outcome) {
        return outcome.messages().stream()
                .map(step -> step.from() + ">" + step.to() + " " + step.message() + (step.sdp() ? "+SDP" : ""))
                .toList();
    }
}
