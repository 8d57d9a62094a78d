package io.mediaproxy.session;

import static io.mediaproxy.session.Call.AUDIO;
import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.embedded.EmbeddedDispatcher;
import io.mediaproxy.embedded.EmbeddedRelay;
import io.mediaproxy.protocol.Dispatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Three dispatchers that share two relays. */
class SeveralDispatchersTest {
    private final List<EmbeddedRelay> relays = List.of(
            EmbeddedRelay.builder().bindAddress("127.0.0.1").start(),
            EmbeddedRelay.builder().bindAddress("127.9.9.9").start());
    private final List<EmbeddedDispatcher> dispatchers = new ArrayList<>();
    private final List<List<String>> commands = new ArrayList<>();
    private final MediaProxy mediaProxy;

    SeveralDispatchersTest() {
        for (int i = 0; i < 3; i++) {
            List<String> received = new CopyOnWriteArrayList<>();
            commands.add(received);
            dispatchers.add(EmbeddedDispatcher.builder()
                    .relays(relays.toArray(EmbeddedRelay[]::new))
                    .commandListener(command -> received.add(command.name()))
                    .start());
        }
        mediaProxy = MediaProxy.builder()
                .dispatchers(dispatchers.stream()
                        .map(dispatcher -> Dispatcher.at(dispatcher.socket()))
                        .toArray(Dispatcher[]::new))
                .build();
    }

    @AfterEach
    void stop() {
        mediaProxy.close();
        dispatchers.forEach(EmbeddedDispatcher::close);
        relays.forEach(EmbeddedRelay::close);
    }

    private int sessions() {
        return relays.stream().mapToInt(relay -> relay.sessions().size()).sum();
    }

    /** Returns the dispatcher that received the commands of the only call so far. */
    private int home() {
        for (int i = 0; i < 3; i++) {
            if (!commands.get(i).isEmpty()) {
                return i;
            }
        }
        throw new AssertionError("no command");
    }

    @Test
    void shouldKeepRelayAndPortsOfACallWhoseDispatcherIsKilled() {
        Call call = new Call("c1");
        MediaSession session = mediaProxy.session("c1", "alice");
        MediaProxyResult offer = session.offer(call.invite(AUDIO));
        MediaProxyResult answer = session.answer(call.response(200, AUDIO));
        assertThat(offer.outcome()).isEqualTo(Outcome.REWRITTEN);
        int home = home();
        assertThat(commands.get(home)).containsExactly("update", "update");
        dispatchers.get(home).kill();

        MediaProxyResult next = session.offer(call.reInvite(2, AUDIO));

        assertThat(next.outcome()).isEqualTo(Outcome.REWRITTEN);
        assertThat(next.relay()).isEqualTo(offer.relay());
        assertThat(session.answer(call.response(200, "2 INVITE", AUDIO)).relay())
                .isEqualTo(answer.relay());
        assertThat(session.end().outcome()).isEqualTo(Outcome.REMOVAL_QUEUED); // at the one that was killed
        assertThat(sessions()).isZero();
    }

    @Test
    void shouldBeginCallsAtTheDispatchersThatAreLeft() {
        dispatchers.get(0).kill();
        for (int i = 0; i < 80; i++) {
            if (i == 40) { // by then the first one is given up; a command tries two dispatchers
                dispatchers.get(2).kill();
            }
            Call call = new Call("c" + i);
            MediaProxyResult first = mediaProxy.useMediaProxy(call.invite(AUDIO));
            assertThat(first.outcome()).as(first.reason()).isEqualTo(Outcome.REWRITTEN);
            assertThat(mediaProxy.useMediaProxy(call.response(200, AUDIO)).outcome())
                    .isEqualTo(Outcome.REWRITTEN);
            assertThat(mediaProxy.endMediaSession(call.bye()).outcome()).isEqualTo(Outcome.REMOVED);
        }
        assertThat(sessions()).isZero();
    }

    @Test
    void shouldBeginNoCallAtADrainedDispatcher() {
        mediaProxy.drain(dispatchers.get(1).socket());
        for (int i = 0; i < 30; i++) {
            assertThat(mediaProxy.useMediaProxy(new Call("c" + i).invite(AUDIO)).outcome())
                    .isEqualTo(Outcome.REWRITTEN);
        }
        assertThat(commands.get(1)).isEmpty();
        assertThat(commands.get(0)).isNotEmpty();
        assertThat(mediaProxy.drained()).containsExactly(dispatchers.get(1).socket());
        mediaProxy.undrain(dispatchers.get(1).socket());
        for (int i = 0; i < 30; i++) {
            mediaProxy.useMediaProxy(new Call("d" + i).invite(AUDIO));
        }
        assertThat(commands.get(1)).isNotEmpty();
    }
}
