package io.mediaproxy.session;

import static io.mediaproxy.session.Call.AUDIO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mediaproxy.session.sip.RawSipMessage;
import io.mediaproxy.testing.LogCapture;
import io.mediaproxy.testing.ManualClock;
import io.mediaproxy.testing.ScriptedDispatcher;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Level;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CallLimitTest {
    private static final int MAX = 8;

    private final ManualClock clock = new ManualClock();
    private final List<String> commands = new CopyOnWriteArrayList<>();
    private final ScriptedDispatcher dispatcher = ScriptedDispatcher.answering(command -> {
        commands.add(command);
        return command.startsWith("update") ? "10.1.1.1 20000\r\n" : "removed\r\n";
    });
    private final MediaProxy mediaProxy = MediaProxy.builder()
            .dispatcherSocket(dispatcher.socket())
            .dispatcher(config -> config.clock(clock))
            .maxEngagedCalls(MAX)
            .build();
    private final EngagedCalls calls = mediaProxy.engagedCalls();
    private final LogCapture logged = LogCapture.of("io.mediaproxy.session");

    @AfterEach
    void close() {
        logged.close();
        mediaProxy.close();
        dispatcher.close();
    }

    @Test
    void shouldPassCallsOnWithoutARelayOnceHalfOfTheRoomIsTakenByUnansweredCalls() {
        for (int i = 0; i < MAX / 2; i++) {
            assertThat(invite("c" + i)).isEqualTo(Outcome.REWRITTEN);
        }
        commands.clear();

        MediaProxyResult refused = mediaProxy.engageMediaProxy(new Call("more").invite(AUDIO));

        assertThat(refused.outcome()).isEqualTo(Outcome.TOO_MANY_CALLS);
        assertThat(refused.returnCode()).isEqualTo(-1);
        assertThat(refused.body()).isEmpty();
        assertThat(refused.reason()).contains("maxEngagedCalls");
        assertThat(calls.follow(new Call("more").response(200, AUDIO)).outcome())
                .isEqualTo(Outcome.NOT_ENGAGED);
        assertThat(calls.size()).isEqualTo(MAX / 2);
        assertThat(commands).isEmpty();
    }

    @Test
    void shouldTakeAsManyCallsAsAllowedIfTheyAreAnswered() {
        for (int i = 0; i < MAX; i++) {
            assertThat(invite("c" + i)).isEqualTo(Outcome.REWRITTEN);
            assertThat(calls.follow(new Call("c" + i).response(200, AUDIO)).outcome())
                    .isEqualTo(Outcome.REWRITTEN);
        }

        assertThat(invite("more")).isEqualTo(Outcome.TOO_MANY_CALLS);
        assertThat(calls.size()).isEqualTo(MAX);
    }

    @Test
    void shouldHaveRoomAgainAfterAnyEndOfACall() {
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < MAX / 2; i++) {
                assertThat(invite("c" + i)).isEqualTo(Outcome.REWRITTEN);
            }
            calls.follow(new Call("c0").response(200, AUDIO));
            calls.follow(new Call("c0").response(200, AUDIO));
            calls.follow(new Call("c0").bye());
            calls.follow(new Call("c1").response(486, ""));
            calls.endAsync(new CallKey("c2", "alice")).join();
            calls.endAllAsync().join();
            assertThat(calls.size()).isZero();
        }
        assertThat(mediaProxy.counters().callsRefused()).isZero();
    }

    @Test
    void shouldRefuseTheRetransmissionOfARefusedInviteEvenIfThereIsRoom() {
        for (int i = 0; i < MAX / 2; i++) {
            invite("c" + i);
        }
        assertThat(invite("more")).isEqualTo(Outcome.TOO_MANY_CALLS);
        calls.endAllAsync().join();

        assertThat(invite("more")).isEqualTo(Outcome.TOO_MANY_CALLS);
        assertThat(invite("another")).isEqualTo(Outcome.REWRITTEN);
        assertThat(mediaProxy.counters().callsRefused()).isEqualTo(1);
    }

    @Test
    void shouldCountRefusalsAndLogThemOnce() {
        for (int i = 0; i < MAX / 2 + 100; i++) {
            invite("c" + i);
        }
        clock.advance(Duration.ofSeconds(10));
        invite("last");

        assertThat(mediaProxy.counters().callsRefused()).isEqualTo(101);
        assertThat(logged.lines(Level.INFO))
                .containsExactly(
                        "WARNING no room for another engaged call: 0 are answered, 4 are not, and at most 8 are "
                                + "followed, half of them unanswered; calls go on without a relay",
                        "WARNING no room for another engaged call: 0 are answered, 4 are not, and at most 8 are "
                                + "followed, half of them unanswered; calls go on without a relay"
                                + " (99 more since the last such line)");
    }

    @Test
    void shouldKeepThePlaceOfACallThatIsRefusedForAnotherReason() {
        mediaProxy.session("c1", "alice").offer(new Call("c1").invite(AUDIO));
        for (int i = 0; i < MAX; i++) {
            assertThat(invite("c1")).isEqualTo(Outcome.FAILED);
        }

        assertThat(calls.size()).isZero();
        assertThat(invite("c2")).isEqualTo(Outcome.REWRITTEN);
    }

    @Test
    void shouldBoundTheJoinedLegsOfACallAndOfAll() {
        invite("c1");
        RawSipMessage[] legs = new RawSipMessage[2 * MAX];
        String toRelay = AUDIO.replace("10.0.0.1", "10.1.1.1").replace("5012", "20000");
        List<Boolean> joined = new ArrayList<>();
        for (int i = 0; i < legs.length; i++) {
            legs[i] = invite("leg" + i, "tag" + i, toRelay);
            joined.add(calls.join(legs[i]));
        }

        assertThat(joined).filteredOn(joins -> joins).hasSize(Legs.MAX_JOINED);
        assertThat(calls.size()).isEqualTo(1);
        calls.endAllAsync().join();
        for (int i = 0; i < MAX; i++) {
            invite("c2");
            assertThat(calls.join(legs[i])).isTrue();
            calls.endAllAsync().join();
        }
    }

    @Test
    void shouldHoldTheLimitForCallsThatBeginAtTheSameTime() {
        List<CompletableFuture<Outcome>> outcomes = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            String callId = "c" + i;
            outcomes.add(CompletableFuture.supplyAsync(() -> invite(callId)));
        }

        outcomes.forEach(CompletableFuture::join);

        assertThat(calls.size()).isEqualTo(MAX / 2);
        assertThat(mediaProxy.counters().callsRefused()).isEqualTo(100 - MAX / 2);
    }

    @Test
    void shouldRefuseALimitWithoutRoomForACall() {
        assertThatThrownBy(() -> MediaProxy.builder().maxEngagedCalls(1).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("maxEngagedCalls must be at least 2, got 1");
    }

    @Test
    void shouldSurviveAFloodOfInvitesInASmallHeap(@TempDir Path directory) throws IOException, InterruptedException {
        String output = SmallHeap.run(InviteFlood.class, 40, directory);

        System.out.println(output);
        Matcher figures = Pattern.compile(
                        "heap=(\\d+) early=(\\d+) refused=(\\d+) bytesPerCall=(\\d+) answer=REWRITTEN")
                .matcher(output);
        assertThat(figures.find()).as(output).isTrue();
        int early = Integer.parseInt(figures.group(2));
        assertThat(early).isEqualTo(CallLimit.defaultFor(Long.parseLong(figures.group(1))) / 2);
        assertThat(Integer.parseInt(figures.group(3))).isEqualTo(InviteFlood.INVITES - early);
    }

    private Outcome invite(String callId) {
        return mediaProxy.engageMediaProxy(new Call(callId).invite(AUDIO)).outcome();
    }

    private static RawSipMessage invite(String callId, String tag, String sdp) {
        String text = "INVITE sip:bob@biloxi.example SIP/2.0\r\nFrom: <sip:alice@atlanta.example>;tag=" + tag
                + "\r\nTo: <sip:bob@biloxi.example>\r\nCall-ID: " + callId + "\r\nCSeq: 1 INVITE\r\n"
                + "Content-Type: application/sdp\r\nContent-Length: " + sdp.length() + "\r\n\r\n" + sdp;
        return RawSipMessage.parse(text.getBytes(StandardCharsets.US_ASCII), "192.0.2.9");
    }
}
