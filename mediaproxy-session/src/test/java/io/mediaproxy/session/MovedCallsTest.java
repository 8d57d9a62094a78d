package io.mediaproxy.session;

import static io.mediaproxy.session.Call.AUDIO;
import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.embedded.EmbeddedDispatcher;
import io.mediaproxy.embedded.EmbeddedRelay;
import io.mediaproxy.protocol.Dispatcher;
import io.mediaproxy.protocol.backchannel.BackChannelConfig;
import io.mediaproxy.testing.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A call whose first dispatcher was killed, and whose relay then ends the session since its media stopped. */
@Timeout(60)
class MovedCallsTest {
    private static final String VIDEO_REJECTED = AUDIO + "m=video 0 RTP/AVP 96\r\n";
    private static final String VIDEO = AUDIO + "m=video 5016 RTP/AVP 96\r\n";

    private final ManualClock clock = new ManualClock();
    private final List<EmbeddedRelay> relays = List.of(relay("127.0.0.1"), relay("127.9.9.9"));
    private final List<EmbeddedDispatcher> dispatchers = new ArrayList<>();
    private final List<AtomicInteger> commands = new ArrayList<>();
    private final List<String> ended = new CopyOnWriteArrayList<>();
    private MediaProxy mediaProxy = MediaProxy.builder().disabled(true).build();
    private final Call call = new Call("c1");

    private EmbeddedRelay relay(String address) {
        return EmbeddedRelay.builder().bindAddress(address).clock(clock).start();
    }

    @BeforeEach
    void open(@TempDir Path directory) {
        for (int i = 0; i < 2; i++) {
            AtomicInteger received = new AtomicInteger();
            commands.add(received);
            dispatchers.add(EmbeddedDispatcher.builder()
                    .relays(relays.toArray(EmbeddedRelay[]::new))
                    .commandListener(command -> received.incrementAndGet())
                    .start());
        }
        mediaProxy = MediaProxy.builder()
                .dispatchers(dispatchers.stream()
                        .map(dispatcher -> Dispatcher.at(dispatcher.socket()))
                        .toArray(Dispatcher[]::new))
                .dispatcher(client -> client.clock(clock))
                .backChannel(BackChannelConfig.builder(directory.resolve("back.sock"))
                        .build())
                .build();
        mediaProxy.onMediaTimeout(timeout -> ended.add(timeout.callId()));
    }

    @AfterEach
    void stop() {
        mediaProxy.close();
        dispatchers.forEach(EmbeddedDispatcher::close);
        relays.forEach(EmbeddedRelay::close);
    }

    private int received() {
        return commands.stream().mapToInt(AtomicInteger::get).sum();
    }

    private int sessions() {
        return relays.stream().mapToInt(relay -> relay.sessions().size()).sum();
    }

    /** Makes a call, and kills its dispatcher. */
    private MediaSession begin(String offered, String answered) {
        MediaSession session = mediaProxy.session("c1", "alice");
        session.offer(call.invite(offered));
        assertThat(session.answer(call.response(200, answered)).returnCode()).isOne();
        dispatchers.get(commands.get(0).get() > 0 ? 0 : 1).kill();
        return session;
    }

    private MediaSession moved(String offered, String answered) {
        MediaSession session = begin(offered, answered);
        session.offer(call.reInvite(2, offered));
        assertThat(session.answer(call.response(200, "2 INVITE", answered)).returnCode())
                .isOne();
        PassingTime.of(mediaProxy); // sees that it has moved
        return session;
    }

    private void expireAtTheRelay() {
        clock.advance(Duration.ofSeconds(91));
        relays.forEach(EmbeddedRelay::expireNow);
        assertThat(sessions()).isZero();
    }

    @Test
    void shouldEndAMovedCallWhoseMediaStopped() {
        MediaSession session = moved(AUDIO, AUDIO);
        expireAtTheRelay();

        while (ended.isEmpty()) {
            PassingTime.of(mediaProxy);
        }

        assertThat(ended).containsExactly("c1");
        while (sessions() > 0) { // the removal of the session that the check made
            Thread.onSpinWait();
        }
        assertThat(session.end().outcome()).isEqualTo(Outcome.CALL_ENDED);
    }

    @Test
    void shouldChangeNothingOfACallThatHasMedia() {
        MediaSession session = moved(VIDEO, VIDEO_REJECTED);
        for (int i = 1; i <= 3; i++) {
            int before = received();
            clock.advance(Duration.ofSeconds(20)); // less than the relay's timeout, more often than a minute passes
            relays.forEach(EmbeddedRelay::expireNow);
            PassingTime.of(mediaProxy);
            if (i == 3) {
                while (received() == before) {
                    Thread.onSpinWait();
                }
            }
        }

        MediaProxyResult next = session.offer(call.reInvite(3, VIDEO)); // comes after the check

        PassingTime.of(mediaProxy);
        assertThat(next.outcome()).isEqualTo(Outcome.REWRITTEN);
        assertThat(ended).isEmpty();
        assertThat(sessions()).isOne();
    }

    @Test
    void shouldNotCheckACallThatStaysAtItsDispatcher() {
        MediaSession session = mediaProxy.session("c1", "alice");
        session.offer(call.invite(AUDIO));
        session.answer(call.response(200, AUDIO));
        int before = received();
        for (int i = 0; i < 3; i++) {
            PassingTime.of(mediaProxy);
            clock.advance(Duration.ofSeconds(61));
        }

        assertThat(session.end().outcome()).isEqualTo(Outcome.REMOVED);
        assertThat(received()).isEqualTo(before + 1);
    }

    @Test
    void shouldNotCheckACallWhoseOfferIsNotAnswered() {
        MediaSession session = begin(AUDIO, AUDIO);
        session.offer(call.reInvite(2, AUDIO));
        int before = received();
        for (int i = 0; i < 3; i++) {
            PassingTime.of(mediaProxy);
            clock.advance(Duration.ofSeconds(61));
        }

        session.end();
        assertThat(received()).as("the removal, at the dispatcher that is left").isEqualTo(before + 1);
    }
}
