package io.mediaproxy.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.embedded.report.SessionStatistics;
import io.mediaproxy.embedded.report.StreamStatistics;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StreamExpiryTest {
    private static final Duration ALMOST = Duration.ofSeconds(89);
    private static final Duration LITTLE = Duration.ofSeconds(1);

    private final CallFixture call = new CallFixture();
    private final UdpEndpoint caller = new UdpEndpoint();
    private final UdpEndpoint callee = new UdpEndpoint();

    @AfterEach
    void close() {
        caller.close();
        callee.close();
        call.close();
    }

    private void callerSends(int port) {
        caller.send(UdpEndpoint.rtp(0, 1), port);
        call.relay.settle();
    }

    private void calleeSends(int port) {
        callee.send(UdpEndpoint.rtp(0, 1), port);
        call.relay.settle();
    }

    private SessionStatistics onlyEnded() {
        assertThat(call.dispatcher.sessions()).isEmpty();
        assertThat(call.dispatcher.counters().portsInUse()).isZero();
        assertThat(call.ended).hasSize(1);
        return call.ended.get(0);
    }

    private String endedStatus() {
        return onlyEnded().streams().get(0).status();
    }

    @Test
    void shouldEndACallWithoutMediaAfterTheStreamTimeout() {
        call.run(Commands.offer("c"));
        call.run(Commands.answer("c"));

        call.pass(ALMOST);
        assertThat(call.ended).isEmpty();
        call.pass(LITTLE);

        assertThat(endedStatus()).isEqualTo("no-traffic timeout");
        assertThat(onlyEnded().timedOut()).isTrue();
        assertThat(onlyEnded().dialogId()).isEqualTo("1:2");
        assertThat(onlyEnded().duration()).isEqualTo(Duration.ofSeconds(90));
        assertThat(onlyEnded().streams().get(0).timeoutWait()).isEqualTo(Duration.ofSeconds(90));
    }

    @Test
    void shouldReplyRemovedOnceForACallThatTimedOut() {
        call.run(Commands.offer("c"));
        call.run(Commands.answer("c"));
        call.pass(ALMOST.plus(LITTLE));

        assertThat(call.run(Commands.remove("c"))).isEqualTo("removed\r\n");
        assertThat(call.run(Commands.remove("c"))).isEqualTo("error\r\n");
        assertThat(call.ended).hasSize(1);
    }

    @Test
    void shouldForgetACallThatTimedOutAfterADay() {
        call.run(Commands.offer("c"));
        call.run(Commands.answer("c"));
        call.pass(ALMOST.plus(LITTLE));

        call.pass(Duration.ofHours(25));
        assertThat(call.run(Commands.remove("c"))).isEqualTo("error\r\n");
    }

    @Test
    void shouldForgetAnUnansweredOffer() {
        call.run(Commands.offer("c"));
        call.pass(ALMOST.plus(LITTLE));

        assertThat(onlyEnded().timedOut()).isFalse();
        assertThat(onlyEnded().startTime()).isNull();
        assertThat(onlyEnded().streams()).isEmpty();
        assertThat(call.run(Commands.remove("c"))).isEqualTo("error\r\n");
    }

    @Test
    void shouldEndACallInWhichOnlyOneSideTalks() {
        call.run(Commands.offer("c"));
        int callerPort = call.ports(Commands.answer("c"))[0];

        callerSends(callerPort);
        call.pass(ALMOST);
        callerSends(callerPort);
        call.pass(LITTLE);

        assertThat(endedStatus()).isEqualTo("no-traffic timeout");
    }

    @Test
    void shouldEndACallWhoseMediaStops() {
        int calleePort = call.ports(Commands.offer("c"))[0];
        int callerPort = call.ports(Commands.answer("c"))[0];
        callerSends(callerPort);
        calleeSends(calleePort);

        call.pass(ALMOST);
        calleeSends(calleePort);
        call.pass(ALMOST);
        assertThat(call.ended).isEmpty();
        call.pass(LITTLE);

        assertThat(endedStatus()).isEqualTo("conntrack timeout");
    }

    @Test
    void shouldGiveACallOnHoldTwoHours() {
        call.run(Commands.offer("c", 1, "", "audio:10.1.1.1:4000:sendonly:ice=no"));
        call.run(Commands.answer("c"));
        assertThat(call.onlySession().streams().get(0).status()).isEqualTo("on hold");

        call.pass(Duration.ofSeconds(7_199));
        assertThat(call.ended).isEmpty();
        call.pass(LITTLE);

        assertThat(endedStatus()).isEqualTo("on hold timeout");
    }

    @Test
    void shouldWaitForMediaAgainAfterAHold() {
        call.run(Commands.offer("c"));
        call.run(Commands.answer("c"));
        call.run(Commands.offer("c", 2, "tt", "audio:0.0.0.0:4000:sendrecv:ice=no"));
        call.run(Commands.answer("c", 2, Commands.AUDIO_OF_CALLEE));
        call.pass(Duration.ofSeconds(7_000));
        call.run(Commands.offer("c", 3, "tt", Commands.AUDIO_OF_CALLER));
        call.run(Commands.answer("c", 3, Commands.AUDIO_OF_CALLEE));

        call.pass(ALMOST);
        assertThat(call.onlySession().streams())
                .extracting(StreamStatistics::status)
                .containsExactly("active");
        call.pass(LITTLE);

        assertThat(endedStatus()).isEqualTo("no-traffic timeout");
    }

    @Test
    void shouldForgetACallWhoseMediaTookAnotherPath() {
        call.run(Commands.offer("c", 1, "", "audio:10.1.1.1:4000:sendrecv:ice=yes"));
        call.run(Commands.answer("c", 1, "audio:10.1.1.2:5000:sendrecv:ice=yes"));
        call.pass(ALMOST.plus(LITTLE));

        assertThat(endedStatus()).isEqualTo("unselected ICE candidate");
        assertThat(onlyEnded().timedOut()).isFalse();
        assertThat(call.run(Commands.remove("c"))).isEqualTo("error\r\n");
    }

    @Test
    void shouldEndTheSessionOnlyWithItsLastStream() {
        String audioAndVideo = "audio:10.1.1.1:4000:sendrecv:ice=no,video:10.1.1.1:4002:sendrecv:ice=no";
        int[] calleePorts = call.ports(Commands.offer("c", 1, "", audioAndVideo));
        int[] callerPorts = call.ports(Commands.answer("c", 1, audioAndVideo.replace("10.1.1.1", "10.1.1.2")));
        call.pass(ALMOST);
        callerSends(callerPorts[0]);
        calleeSends(calleePorts[0]);
        call.pass(LITTLE);

        assertThat(call.onlySession().streams())
                .extracting(StreamStatistics::status)
                .containsExactly("active", "no-traffic timeout");
        assertThat(call.dispatcher.counters().portsInUse()).isEqualTo(4);
    }

    @Test
    void shouldNotTakeRtcpForMedia() {
        int calleePort = call.ports(Commands.offer("c"))[0];
        int callerPort = call.ports(Commands.answer("c"))[0];
        callerSends(callerPort + 1);
        calleeSends(calleePort + 1);
        call.pass(ALMOST);
        callerSends(callerPort + 1);
        call.pass(LITTLE);

        assertThat(endedStatus()).isEqualTo("no-traffic timeout");
    }

    @Test
    void shouldNeverExpireALateOfferWithoutStreams() {
        assertThat(call.run(Commands.offer("c", 1, "", ""))).isEqualTo("None\r\n");
        call.pass(Duration.ofDays(1));

        assertThat(call.onlySession().streams()).isEmpty();
    }

    @Test
    void shouldOpenANewSessionForAnUpdateAfterTheTimeout() {
        int before = call.ports(Commands.offer("c"))[0];
        call.run(Commands.answer("c"));
        call.pass(ALMOST.plus(LITTLE));

        assertThat(call.ports(Commands.offer("c", 2, "tt", Commands.AUDIO_OF_CALLER))[0])
                .isNotEqualTo(before);
        assertThat(call.run(Commands.remove("c"))).isEqualTo("removed\r\n");
        assertThat(call.ended).hasSize(2);
    }
}
