package io.mediaproxy.scenario;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A ladder with a wrong claim about which phone hears which fails, in either direction. */
class HearingTest {
    private static final String OFFER = """
            engage alice -> bob  INVITE 1  sdp audio 10.0.0.1:5004
                update request 1 alice -> ?  audio 10.0.0.1:5004
                bob gets audio relay:to-bob
            """;
    private static final String ANSWER = """
            bob -> alice  200 INVITE 1  sdp audio 192.168.1.2:6004
                update reply 1 alice -> bob  audio 192.168.1.2:6004  at=relay
                alice gets audio relay:to-alice
            """;
    private static final String CAROL_RINGS = """
            carol -> alice  183 INVITE 1  sdp audio 192.168.1.3:7004
                update reply 1 alice -> ?  audio 192.168.1.3:7004  at=relay
                alice gets audio relay:to-alice
            """;
    private static final String MOVED_OFFER = """
            alice -> bob  INVITE 2  sdp audio 10.0.0.1:5014
                update request 2 alice -> bob  audio 10.0.0.1:5014, audio 10.0.0.1:5004  at=relay
                bob gets audio relay:to-bob-2
            """;
    private static final String VIDEO_IS_ADDED = """
            alice -> bob  INVITE 2  sdp audio 10.0.0.1:5004, video 10.0.0.1:5006 sendonly
                update request 2 alice -> bob  audio 10.0.0.1:5004, video 10.0.0.1:5006 sendonly  at=relay
                bob gets audio relay:to-bob, video relay:to-bob-video sendonly
            bob -> alice  200 INVITE 2  sdp audio 192.168.1.2:6004, video 192.168.1.2:6006 recvonly
                update reply 2 alice -> bob  audio 192.168.1.2:6004, video 192.168.1.2:6006 recvonly  at=relay
                alice gets audio relay:to-alice, video relay:to-alice-video recvonly
            """;
    private static final String END = """
            alice -> bob  BYE 9
                remove alice -> bob
            """;
    /** By then the relay has closed a session without media. */
    private static final String MEDIA_TIMEOUT = "time +100s\nsessions 0\n";

    private final Path directory;

    HearingTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void shouldPassWhereBothHearEachOther() {
        passes(OFFER, ANSWER, "alice hears bob\nbob hears alice\nalice hears bob audio\n", END);
    }

    @ParameterizedTest
    @ValueSource(strings = {"alice does not hear bob", "bob does not hear alice audio", "alice hears nobody"})
    void shouldFailIfOneIsHeardWhoShouldNotBe(String claim) {
        fails("call.txt:7: another value: what ", OFFER, ANSWER, claim, "\n", END);
    }

    @ParameterizedTest
    @ValueSource(strings = {"alice hears bob", "bob hears alice audio"})
    void shouldFailIfNothingIsHeard(String claim) {
        fails("call.txt:9: " + claim.substring(0, 5).strip(), OFFER, ANSWER, MEDIA_TIMEOUT, claim, "\n", END);
    }

    @Test
    void shouldPassWhereNothingIsHeard() {
        passes(
                OFFER,
                ANSWER,
                MEDIA_TIMEOUT,
                "alice does not hear bob\nbob hears nobody\n",
                END,
                "    outcome UNKNOWN_SESSION\n");
    }

    @Test
    void shouldKeepWhatWasAgreedWhenAnOfferIsRefused() {
        passes(
                OFFER,
                ANSWER,
                "alice hears bob\nbob hears alice\n",
                MOVED_OFFER,
                "bob -> alice  488 INVITE 2\nalice hears bob\nbob hears alice\n",
                END);
    }

    @Test
    void shouldMoveWithAnAnsweredOffer() {
        passes(OFFER, ANSWER, "alice hears bob\nbob hears alice\n", MOVED_OFFER, """
                bob -> alice  200 INVITE 2  sdp audio 192.168.1.2:6004
                    update reply 2 alice -> bob  audio 192.168.1.2:6004, audio 0.0.0.1:0  at=relay
                    alice gets audio relay:to-alice-2
                alice hears bob
                bob hears alice
                """, END);
    }

    @Test
    void shouldSendWhereTheDirectionLetsIt() {
        passes(
                OFFER,
                ANSWER,
                VIDEO_IS_ADDED,
                "alice hears bob audio\nbob hears alice audio\nbob hears alice video\nbob hears alice\n",
                END);
        fails(
                "bob and alice have agreed on no stream for this",
                OFFER,
                ANSWER,
                VIDEO_IS_ADDED,
                "alice hears bob video\n",
                END);
    }

    @Test
    void shouldTellTheBranchesOfAForkApart() {
        passes(OFFER, CAROL_RINGS, "alice hears carol\ncarol hears alice\n", ANSWER, """
                alice hears bob
                bob hears alice
                carol does not hear alice
                alice does not hear carol
                """, END);
    }

    @Test
    void shouldFollowTheAnswerToALateOffer() {
        passes("""
                engage alice -> bob  INVITE 1
                bob -> alice  200 INVITE 1  sdp audio 192.168.1.2:6004
                    update reply 1 alice -> bob  audio 192.168.1.2:6004
                    alice gets audio relay:to-alice
                alice -> bob  ACK 1  sdp audio 10.0.0.1:5004
                    update request 1 alice -> bob  audio 10.0.0.1:5004  at=relay
                    bob gets audio relay:to-bob
                bob hears alice
                alice hears bob
                """, END);
    }

    @Test
    void shouldRefuseAClaimThatCannotFail() {
        fails("no packet was sent, so this cannot fail", OFFER, "alice does not hear bob\n", END);
        fails("no packet was sent, so this cannot fail", OFFER, ANSWER, END, "bob hears nobody\n");
        fails("have agreed on no stream", OFFER, "bob hears alice\n", ANSWER, END);
    }

    @Test
    void shouldRefuseAnExpectationUnderIt() {
        fails("nothing can be expected of this", OFFER, ANSWER, "alice hears bob\n    waits\n", END);
    }

    private void passes(String... parts) {
        ScenarioRunner.run(Scenario.parse("call.txt", String.join("", parts)), directory, MediaProxyServer::new);
    }

    private void fails(String message, String... parts) {
        assertThatThrownBy(() -> passes(parts))
                .isInstanceOf(ScenarioFailure.class)
                .hasMessageContaining(message);
    }
}
