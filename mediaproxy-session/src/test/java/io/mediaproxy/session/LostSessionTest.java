package io.mediaproxy.session;

import static io.mediaproxy.session.Call.AUDIO;
import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.testing.ManualClock;
import io.mediaproxy.testing.ScriptedDispatcher;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The dispatcher answers {@code error} to the removal of a call that has a session at its relay. */
class LostSessionTest {
    private static final String RELAY = "10.1.1.1 20000\r\n";
    private static final String OTHER_RELAY = "10.1.1.2 20000\r\n";
    private static final String ERROR = "error\r\n";
    private static final String REMOVED = "removed\r\n";
    private static final String UPDATE = "update";
    private static final String REMOVE = "remove";

    private final List<String> commands = new CopyOnWriteArrayList<>();
    private volatile String update = RELAY;
    private volatile String remove = ERROR;
    private final ManualClock clock = new ManualClock();
    private final ScriptedDispatcher dispatcher = ScriptedDispatcher.answering(command -> {
        commands.add(command);
        return command.startsWith(UPDATE) ? update : remove;
    });
    private final MediaProxy mediaProxy = MediaProxy.builder()
            .dispatcherSocket(dispatcher.socket())
            .dispatcher(config -> config.clock(clock).retryInterval(Duration.ofDays(1)))
            .build();
    private final Call call = new Call("c1");

    @AfterEach
    void close() {
        mediaProxy.close();
        dispatcher.close();
    }

    @Test
    void shouldRepeatThePlainRemovalFirstAndThenTheLastUpdateBeforeIt() {
        answered();
        assertThat(hungUp().outcome()).isEqualTo(Outcome.UNKNOWN_SESSION);

        assertThat(names(commandsWithin(1))).isEmpty();
        assertThat(names(commandsWithin(1))).containsExactly(REMOVE);
        assertThat(names(commandsWithin(9))).isEmpty();
        remove = REMOVED;
        List<String> last = commandsWithin(1);
        assertThat(names(last)).containsExactly(UPDATE, REMOVE);
        assertThat(last.get(0))
                .contains("media_relay: 10.1.1.1\r\n", "media: audio:10.0.0.1:5012:sendrecv:ice=no\r\n", "cseq: 1\r\n");
        assertThat(names(commandsWithin(7200))).isEmpty();
        assertThat(mediaProxy.pendingRemovals()).isZero();
        assertThat(mediaProxy.counters()).isEqualTo(new Counters(0, 0, 1, 1, 0, 0));
    }

    @Test
    void shouldDeliverThePlainRemovalOnceTheRelayIsConnectedAgain() {
        answered();
        hungUp();
        remove = REMOVED;

        assertThat(names(commandsWithin(2))).containsExactly(REMOVE);
        assertThat(mediaProxy.pendingRemovals()).isZero();
    }

    @Test
    void shouldGoOnWhileTheUpdateLeadsToAnotherRelay() {
        answered();
        hungUp();
        remove = REMOVED;
        update = OTHER_RELAY;
        clock.advance(Duration.ofSeconds(2));
        remove = ERROR;
        PassingTime.of(mediaProxy);
        remove = REMOVED;

        assertThat(names(commandsWithin(10))).containsExactly(UPDATE, REMOVE);
        assertThat(mediaProxy.pendingRemovals()).isEqualTo(1);
        update = RELAY;
        assertThat(names(commandsWithin(30))).containsExactly(UPDATE, REMOVE);
        assertThat(mediaProxy.pendingRemovals()).isZero();
    }

    @Test
    void shouldGiveUpWhenTheRelayMustHaveEndedTheSession() {
        answered();
        hungUp();
        update = ERROR;

        int tries = 0;
        for (int i = 0; i < 7200; i++) {
            tries += (int) commandsWithin(1).stream()
                    .filter(command -> command.startsWith(REMOVE))
                    .count();
            if (i == LastUpdate.STREAM.toSeconds()) {
                assertThat(mediaProxy.pendingRemovals()).isZero();
            }
        }
        assertThat(tries).isEqualTo(5);
        assertThat(mediaProxy.counters().removalsGivenUp()).isEqualTo(1);
    }

    @Test
    void shouldTryForTwoHoursWhereTheCallWasOnHold() {
        answered();
        String hold = AUDIO + "a=sendonly\r\n";
        mediaProxy.engagedCalls().follow(call.reInvite(2, hold));
        mediaProxy.engagedCalls().follow(call.response(200, "2 INVITE", AUDIO));
        hungUp();
        update = ERROR;

        commandsWithin(5400);
        assertThat(mediaProxy.pendingRemovals()).isEqualTo(1);
        update = RELAY;
        remove = REMOVED;
        assertThat(names(commandsWithin(1799))).containsExactly(UPDATE, REMOVE);
        assertThat(mediaProxy.pendingRemovals()).isZero();
    }

    @Test
    void shouldNotRepeatTheRemovalOfACallThatNeverHadARelay() {
        update = ERROR;
        answered();

        assertThat(hungUp().outcome()).isEqualTo(Outcome.UNKNOWN_SESSION);
        assertThat(names(commandsWithin(7200))).isEmpty();
        assertThat(mediaProxy.pendingRemovals()).isZero();
    }

    @Test
    void shouldDropTheRemovalWhenTheCallBeginsAgain() {
        answered();
        hungUp();
        mediaProxy.engageMediaProxy(call.invite(AUDIO));

        assertThat(names(commandsWithin(200))).isEmpty();
        assertThat(mediaProxy.pendingRemovals()).isZero();
    }

    @Test
    void shouldFindTheSessionOfSingleMessagesAgain() {
        mediaProxy.useMediaProxy(call.invite(AUDIO));
        mediaProxy.useMediaProxy(call.response(200, AUDIO));
        mediaProxy.endMediaSession(call.bye());
        mediaProxy.endMediaSession(call.bye()); // finds the first one kept
        commands.clear();

        assertThat(names(commandsWithin(2))).containsExactly(REMOVE);
        remove = REMOVED;
        List<String> last = commandsWithin(10);
        assertThat(names(last)).containsExactly(UPDATE, REMOVE);
        assertThat(last.get(0))
                .contains(
                        "type: request\r\n",
                        "cseq: 1\r\n",
                        "from_tag: alice\r\n",
                        "to_tag: bob\r\n",
                        "media_relay: 10.1.1.1\r\n",
                        "media: audio:10.0.0.1:5012:sendrecv:ice=no\r\n");
        assertThat(mediaProxy.pendingRemovals()).isZero();
    }

    @Test
    void shouldTryForTwoHoursWhereACallOfSingleMessagesWasOnHold() {
        mediaProxy.useMediaProxy(call.invite(AUDIO));
        mediaProxy.useMediaProxy(call.response(200, AUDIO));
        mediaProxy.useMediaProxy(call.reInvite(2, AUDIO));
        mediaProxy.useMediaProxy(call.response(200, "2 INVITE", AUDIO + "a=recvonly\r\n"));
        mediaProxy.endMediaSession(call.bye());
        update = ERROR;

        commandsWithin(5400);
        assertThat(mediaProxy.pendingRemovals()).isEqualTo(1);
        update = RELAY;
        remove = REMOVED;
        List<String> last = commandsWithin(1799);
        assertThat(names(last)).containsExactly(UPDATE, REMOVE);
        assertThat(last.get(0)).contains("cseq: 2\r\n");
    }

    @Test
    void shouldGiveUpASessionOfSingleMessagesWhenTheRelayMustHaveEndedIt() {
        mediaProxy.useMediaProxy(call.invite(AUDIO));
        mediaProxy.useMediaProxy(call.response(200, AUDIO));
        mediaProxy.endMediaSession(call.bye());
        update = ERROR;

        for (int i = 0; i < 12; i++) {
            commandsWithin(60);
        }
        assertThat(mediaProxy.pendingRemovals()).isZero();
    }

    private void answered() {
        mediaProxy.engageMediaProxy(call.invite(AUDIO));
        mediaProxy.engagedCalls().follow(call.response(200, AUDIO));
    }

    private MediaProxyResult hungUp() {
        MediaProxyResult result = mediaProxy.engagedCalls().follow(call.bye());
        commands.clear();
        return result;
    }

    private List<String> commandsWithin(int seconds) {
        commands.clear();
        clock.advance(Duration.ofSeconds(seconds));
        PassingTime.of(mediaProxy);
        return List.copyOf(commands);
    }

    private static List<String> names(List<String> sent) {
        return sent.stream()
                .map(command -> command.substring(0, UPDATE.length()))
                .toList();
    }
}
