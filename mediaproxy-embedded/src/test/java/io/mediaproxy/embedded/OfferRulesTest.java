package io.mediaproxy.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.embedded.report.StreamStatistics;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How the relay relates the streams of an offer to those of the preceding one: by media type and by the address that
 * the offering party last sent.
 */
class OfferRulesTest {
    private static final String CALLER = "10.1.1.1";
    private static final String CALLEE = "10.1.1.2";
    private static final String AUDIO_OF_CALLER = "audio:" + CALLER + ":4000:sendrecv";
    private static final String AUDIO_OF_CALLEE = "audio:" + CALLEE + ":5000:sendrecv";
    private static final String MOVED_AUDIO_OF_CALLER = "audio:" + CALLER + ":4100:sendrecv";
    private static final String MOVED_AUDIO_OF_CALLEE = "audio:" + CALLEE + ":5100:sendrecv";
    private static final String IMAGE_OF_CALLER = "image:" + CALLER + ":4010:sendrecv";
    private static final String IMAGE_OF_CALLEE = "image:" + CALLEE + ":5010:sendrecv";
    private static final String DISABLED_AUDIO = "audio:0.0.0.1:0:sendrecv";

    private final CallFixture call = new CallFixture();
    private int callerCseq;
    private int calleeCseq;

    @AfterEach
    void close() {
        call.close();
    }

    /** An offer of the caller; returns the ports of the callee's side. */
    private int[] callerOffers(String media) {
        callerCseq++;
        return call.ports(Commands.update("request", "c", callerCseq, "ft", "tt", media));
    }

    /** The answer to the caller's last offer; returns the ports of the caller's side. */
    private int[] calleeAnswers(String media) {
        return call.ports(Commands.update("reply", "c", callerCseq, "ft", "tt", media));
    }

    private int[] calleeOffers(String media) {
        calleeCseq++;
        return call.ports(Commands.update("request", "c", calleeCseq, "tt", "ft", media));
    }

    private int[] callerAnswers(String media) {
        return call.ports(Commands.update("reply", "c", calleeCseq, "tt", "ft", media));
    }

    private List<String> statuses() {
        return call.onlySession().streams().stream()
                .map(stream -> stream.mediaType() + " " + stream.status())
                .toList();
    }

    /** Audio that both parties agreed on, with its ports on both sides. */
    private final class AgreedAudio {
        private final int calleeSide = callerOffers(AUDIO_OF_CALLER)[0];
        private final int callerSide = calleeAnswers(AUDIO_OF_CALLEE)[0];

        void assertKeptByTheCaller() {
            assertThat(callerOffers(AUDIO_OF_CALLER)).containsExactly(calleeSide);
            assertThat(calleeAnswers(AUDIO_OF_CALLEE)).containsExactly(callerSide);
        }

        void assertKeptByTheCallee() {
            assertThat(calleeOffers(AUDIO_OF_CALLEE)).containsExactly(callerSide);
            assertThat(callerAnswers(AUDIO_OF_CALLER)).containsExactly(calleeSide);
        }
    }

    @Test
    void shouldCloseTheAgreedStreamWhenTwoOffersWithoutItAreRefused() {
        AgreedAudio audio = new AgreedAudio();
        calleeOffers(IMAGE_OF_CALLEE);
        assertThat(statuses()).containsExactly("audio active");
        calleeOffers(IMAGE_OF_CALLEE);
        assertThat(statuses()).containsExactly("audio closed");

        assertThat(callerOffers(AUDIO_OF_CALLER)).doesNotContain(audio.calleeSide, 0);
        assertThat(calleeAnswers(AUDIO_OF_CALLEE)).doesNotContain(audio.callerSide, 0);
    }

    @Test
    void shouldOpenNewPortsAfterOneRefusedOfferWithoutTheAgreedStream() {
        AgreedAudio audio = new AgreedAudio();
        calleeOffers(IMAGE_OF_CALLEE);

        assertThat(callerOffers(AUDIO_OF_CALLER)).doesNotContain(audio.calleeSide, 0);
    }

    @Test
    void shouldKeepAnAppendedStreamThroughTwoRefusedOffers() {
        AgreedAudio audio = new AgreedAudio();
        for (int refused = 0; refused < 2; refused++) {
            int[] ports = calleeOffers(IMAGE_OF_CALLEE + "," + AUDIO_OF_CALLEE);
            assertThat(ports).hasSize(2).endsWith(audio.callerSide).doesNotContain(0);
        }

        audio.assertKeptByTheCaller();
        audio.assertKeptByTheCallee();
    }

    @Test
    void shouldKeepAnAppendedStreamThroughOneRefusedOffer() {
        AgreedAudio audio = new AgreedAudio();
        calleeOffers(IMAGE_OF_CALLEE + "," + AUDIO_OF_CALLEE);

        audio.assertKeptByTheCaller();
        audio.assertKeptByTheCallee();
    }

    @Test
    void shouldRejectAnAppendedStreamThatTheAnswerDisables() {
        AgreedAudio audio = new AgreedAudio();
        int[] offered = calleeOffers(IMAGE_OF_CALLEE + "," + AUDIO_OF_CALLEE);
        assertThat(offered[1]).isEqualTo(audio.callerSide);

        int[] answered = callerAnswers(IMAGE_OF_CALLER + "," + DISABLED_AUDIO);
        assertThat(answered).hasSize(2).endsWith(0);
        assertThat(answered[0]).isNotZero();
        assertThat(statuses()).containsExactly("audio rejected", "image active");
    }

    @Test
    void shouldKeepAStreamAppendedAfterItsDisabledPlaceUntilTheAnswer() {
        AgreedAudio audio = new AgreedAudio();
        int[] offered = calleeOffers(DISABLED_AUDIO + "," + IMAGE_OF_CALLEE + "," + AUDIO_OF_CALLEE);
        assertThat(offered).hasSize(3).startsWith(0).endsWith(audio.callerSide);
        assertThat(offered[1]).isNotZero();
        assertThat(statuses()).containsExactly("audio active");

        int[] answered = callerAnswers(DISABLED_AUDIO + "," + IMAGE_OF_CALLER + "," + DISABLED_AUDIO);
        assertThat(answered).hasSize(3).startsWith(0).endsWith(0);
        assertThat(answered[1]).isNotZero();
        assertThat(statuses()).containsExactlyInAnyOrder("audio rejected", "audio closed", "image active");
    }

    @Test
    void shouldKeepAStreamAppendedToAMovedOneThroughThreeRefusedOffers() {
        AgreedAudio audio = new AgreedAudio();
        for (int refused = 0; refused < 3; refused++) {
            int[] ports = callerOffers(MOVED_AUDIO_OF_CALLER + "," + AUDIO_OF_CALLER);
            assertThat(ports).hasSize(2).endsWith(audio.calleeSide).doesNotContain(0);
            assertThat(ports[0]).isNotEqualTo(audio.calleeSide);
        }

        audio.assertKeptByTheCallee();
    }

    @Test
    void shouldKeepTheOldStreamWhenBothPartiesMovedAtOnce() {
        AgreedAudio audio = new AgreedAudio();
        assertThat(callerOffers(MOVED_AUDIO_OF_CALLER + "," + AUDIO_OF_CALLER)).endsWith(audio.calleeSide);
        assertThat(calleeOffers(MOVED_AUDIO_OF_CALLEE + "," + AUDIO_OF_CALLEE)).endsWith(audio.callerSide);

        audio.assertKeptByTheCaller();
    }

    @Test
    void shouldFindAStreamAtAnyPlace() {
        String video = "video:" + CALLER + ":4002:sendrecv";
        int[] first = callerOffers(AUDIO_OF_CALLER + "," + video);
        int[] second = callerOffers(video + "," + AUDIO_OF_CALLER);

        assertThat(second).containsExactly(first[1], first[0]);
    }

    @Test
    void shouldNotFindAStreamByTheAddressOfTheOtherParty() {
        AgreedAudio audio = new AgreedAudio();

        assertThat(callerOffers(AUDIO_OF_CALLEE)).doesNotContain(audio.calleeSide, 0);
    }

    @Test
    void shouldNotFindAStreamOfAnotherType() {
        AgreedAudio audio = new AgreedAudio();

        assertThat(callerOffers(AUDIO_OF_CALLER.replace("audio", "video"))).doesNotContain(audio.calleeSide, 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {CALLEE + ":5100", "10.1.1.9:5000"})
    void shouldCompareWithTheAddressOfTheLastAnswer(String address) {
        AgreedAudio audio = new AgreedAudio();
        callerOffers(AUDIO_OF_CALLER);
        calleeAnswers("audio:" + address + ":sendrecv");

        assertThat(calleeOffers("audio:" + address + ":sendrecv")).containsExactly(audio.callerSide);
        assertThat(calleeOffers(AUDIO_OF_CALLEE)).doesNotContain(audio.callerSide, 0);
    }

    @Test
    void shouldFindAStreamThatIsHeldByAnUnspecifiedAddress() {
        AgreedAudio audio = new AgreedAudio();

        assertThat(callerOffers("audio:0.0.0.0:4000:sendrecv")).containsExactly(audio.calleeSide);
        assertThat(statuses()).containsExactly("audio on hold");
        audio.assertKeptByTheCaller();
    }

    @Test
    void shouldCloseALiveStreamByADisabledOneWithItsAddress() {
        String second = "audio:" + CALLER + ":4002:sendrecv";
        callerOffers(AUDIO_OF_CALLER + "," + second);
        calleeAnswers(AUDIO_OF_CALLEE + ",audio:" + CALLEE + ":0:sendrecv");

        assertThat(callerOffers(AUDIO_OF_CALLER + ",audio:" + CALLER + ":0:sendrecv"))
                .containsExactly(0, 0);
    }

    @Test
    void shouldCloseNoLiveStreamByADisabledOneWithAnotherAddress() {
        AgreedAudio audio = new AgreedAudio();

        assertThat(callerOffers(AUDIO_OF_CALLER + "," + DISABLED_AUDIO)).containsExactly(audio.calleeSide, 0);
        assertThat(calleeAnswers(AUDIO_OF_CALLEE + "," + DISABLED_AUDIO)).containsExactly(audio.callerSide, 0);
        audio.assertKeptByTheCaller();
    }

    @Test
    void shouldCloseAnUnspecifiedStreamByADisabledUnspecifiedOne() {
        String held = "audio:0.0.0.0:4000:sendrecv";
        int[] ports = callerOffers(held);
        assertThat(ports).doesNotContain(0);

        assertThat(callerOffers(held + "," + DISABLED_AUDIO)).containsExactly(ports[0], 0);
        assertThat(callerOffers(held + ",audio:0.0.0.0:0:sendrecv")).containsExactly(0, 0);
    }

    @Test
    void shouldNotFindAStreamThatIsClosed() {
        AgreedAudio audio = new AgreedAudio();
        assertThat(callerOffers("audio:" + CALLER + ":0:sendrecv")).containsExactly(0);

        assertThat(callerOffers(AUDIO_OF_CALLER)).doesNotContain(audio.calleeSide, 0);
    }

    @Test
    void shouldCloseAStreamThatIsNoLongerOfferedWithTheAnswer() {
        new AgreedAudio();
        callerOffers(IMAGE_OF_CALLER);
        assertThat(statuses()).containsExactly("audio active");
        calleeAnswers(IMAGE_OF_CALLEE);

        assertThat(statuses()).containsExactly("audio closed", "image active");
    }

    @Test
    void shouldMatchAnAnswerByPlace() {
        String video = "video:" + CALLER + ":4002:sendrecv";
        int[] offered = callerOffers(AUDIO_OF_CALLER + "," + video + "," + IMAGE_OF_CALLER);
        int[] answered = calleeAnswers(AUDIO_OF_CALLEE + ",video:" + CALLEE + ":0:sendrecv");

        assertThat(offered).hasSize(3).doesNotContain(0);
        assertThat(answered).hasSize(3).endsWith(0, 0);
        assertThat(answered[0]).isNotZero();
        assertThat(statuses()).containsExactly("audio active", "video rejected", "image rejected");
    }

    @Test
    void shouldRefuseAnAnswerOfAnotherTypeAndTakeTheNextOne() {
        callerOffers(AUDIO_OF_CALLER);

        assertThat(call.run(Commands.update("reply", "c", callerCseq, "ft", "tt", IMAGE_OF_CALLEE)))
                .isEqualTo("error\r\n");
        assertThat(calleeAnswers(AUDIO_OF_CALLEE)).hasSize(1).doesNotContain(0);
    }

    @Test
    void shouldReportATimeoutIfAStreamNextToUnusedIceWasRejected() {
        String ice = ":ice=yes";
        callerOffers(AUDIO_OF_CALLER + ice + "," + IMAGE_OF_CALLER);
        calleeAnswers(AUDIO_OF_CALLEE + ice + ",image:" + CALLEE + ":0:sendrecv");
        call.pass(Duration.ofSeconds(90));

        assertThat(call.ended).singleElement().satisfies(session -> {
            assertThat(session.streams())
                    .extracting(StreamStatistics::status)
                    .containsExactly("unselected ICE candidate", "rejected");
            assertThat(session.timedOut()).isTrue();
        });
    }

    @Test
    void shouldRequireIceOfBothPartiesForAnUnselectedCandidate() {
        callerOffers(AUDIO_OF_CALLER + ":ice=yes");
        calleeAnswers(AUDIO_OF_CALLEE + ":ice=no");
        call.pass(Duration.ofSeconds(90));

        assertThat(call.ended.get(0).streams())
                .extracting(StreamStatistics::status)
                .containsExactly("no-traffic timeout");
    }
}
