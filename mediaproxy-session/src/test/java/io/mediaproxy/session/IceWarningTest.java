package io.mediaproxy.session;

import static io.mediaproxy.session.Call.AUDIO;
import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.sdp.IceCandidate;
import io.mediaproxy.testing.LogCapture;
import io.mediaproxy.testing.ScriptedDispatcher;
import java.util.List;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A relay that ICE does not know is reported: once in the log, and in the reason of each result. */
class IceWarningTest {
    private static final String ICE = AUDIO + "a=ice-ufrag:abcd\r\na=ice-pwd:0123456789abcdef012345\r\n"
            + "a=candidate:1 1 UDP 2130706431 10.0.0.1 5012 typ host\r\n";
    private static final String HIDDEN = "ice_candidate none: ICE does not know the relay";

    private final ScriptedDispatcher dispatcher = ScriptedDispatcher.answering();
    private final MediaProxy mediaProxy =
            MediaProxy.builder().dispatcherSocket(dispatcher.socket()).build();
    private final LogCapture logged = LogCapture.of("io.mediaproxy.session.IceWarning");

    IceWarningTest() {
        dispatcher.answer("81.23.228.129 50000\r\n");
    }

    @AfterEach
    void close() {
        logged.close();
        mediaProxy.close();
        dispatcher.close();
    }

    @Test
    void shouldWarnOnceForAllCallsOfEveryKind() {
        assertThat(mediaProxy.useMediaProxy(new Call("c1").invite(ICE)).reason())
                .isEqualTo("relay 81.23.228.129 50000; " + HIDDEN);
        assertThat(mediaProxy.engageMediaProxy(new Call("c2").invite(ICE)).reason())
                .endsWith(HIDDEN);
        assertThat(mediaProxy
                        .session("c3", "alice")
                        .offer(new Call("c3").invite(ICE))
                        .reason())
                .endsWith(HIDDEN);

        List<String> lines = logged.lines(Level.WARNING);
        assertThat(lines).hasSize(1);
        assertThat(lines.get(0)).startsWith("WARNING a stream with ICE got a relay").contains("ice_candidate");
    }

    @Test
    void shouldWarnOfAnEngagedCall() {
        mediaProxy.engageMediaProxy(new Call("c1").invite(ICE));

        assertThat(logged.lines(Level.WARNING)).hasSize(1);
    }

    @Test
    void shouldNotWarnWithoutIceOrWithACandidate() {
        CallAttributes low = CallAttributes.NONE.withIceCandidate(IceCandidate.LOW_PRIORITY);

        assertThat(mediaProxy.useMediaProxy(new Call("c1").invite(AUDIO)).reason())
                .isEqualTo("relay 81.23.228.129 50000");
        assertThat(mediaProxy.useMediaProxy(new Call("c2").invite(ICE), low).reason())
                .isEqualTo("relay 81.23.228.129 50000");

        assertThat(logged.lines(Level.WARNING)).isEmpty();
    }

    @Test
    void shouldNotWarnIfTheCallGotNoRelay() {
        dispatcher.answer("error\r\n");

        mediaProxy.useMediaProxy(new Call("c1").invite(ICE));

        assertThat(logged.lines(Level.WARNING)).isEmpty();
    }
}
