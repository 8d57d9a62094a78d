package io.mediaproxy.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.protocol.MediaStream;
import io.mediaproxy.protocol.UpdateCommand;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which streams an update has beside those of its message. Whole calls are in the ladders. */
class AgreedStreamsTest {
    private static final MediaStream AUDIO = stream("audio", "10.0.0.1", 5004);
    private static final MediaStream AUDIO_OF_CALLEE = stream("audio", "192.168.1.2", 6004);
    private static final MediaStream IMAGE = stream("image", "10.0.0.1", 5010);

    private final AgreedStreams agreed = new AgreedStreams();

    @Test
    void shouldAppendNothingBeforeAnAnswer() {
        agreed.sent(agreed.offer(Side.CALLER, List.of(AUDIO)));

        AgreedStreams.Media media = agreed.offer(Side.CALLER, List.of(IMAGE));

        assertThat(media.streams()).containsExactly(IMAGE);
        assertThat(media.ports()).isEqualTo(1);
    }

    @Test
    void shouldAppendAnAgreedStreamAsTheOffererDescribedIt() {
        agree();

        assertThat(agreed.offer(Side.CALLER, List.of(IMAGE)).streams()).containsExactly(IMAGE, AUDIO);
        assertThat(agreed.offer(Side.CALLEE, List.of(IMAGE)).streams()).containsExactly(IMAGE, AUDIO_OF_CALLEE);
        assertThat(agreed.offer(Side.CALLER, List.of(IMAGE)).ports()).isEqualTo(1);
    }

    @Test
    void shouldNotAppendAStreamThatTheOfferContinues() {
        agree();

        for (MediaStream continued : List.of(AUDIO, stream("audio", "0.0.0.0", 5004), stream("audio", "10.0.0.1", 0))) {
            assertThat(agreed.offer(Side.CALLER, List.of(continued)).streams()).containsExactly(continued);
        }
    }

    @Test
    void shouldKnowAStreamOnHoldByItsAddressBeforeTheHold() {
        agree();
        MediaStream hold = stream("audio", "0.0.0.0", 5004);
        agreed.sent(agreed.offer(Side.CALLER, List.of(hold)));
        agreed.sent(agreed.answer(Side.CALLEE, List.of(AUDIO_OF_CALLEE)));

        assertThat(agreed.offer(Side.CALLER, List.of(AUDIO)).streams()).containsExactly(AUDIO);
        assertThat(agreed.offer(Side.CALLER, List.of(IMAGE)).streams()).containsExactly(IMAGE, hold);
    }

    @Test
    void shouldCloseAppendedStreamsInTheAnswerAtTheirPlaces() {
        agree();
        agreed.sent(agreed.offer(Side.CALLER, List.of(IMAGE)));
        MediaStream answer = stream("image", "192.168.1.2", 6010);

        AgreedStreams.Media media = agreed.answer(Side.CALLEE, List.of(answer, stream("video", "192.168.1.2", 6012)));
        agreed.sent(media);

        assertThat(media.streams()).containsExactly(answer, stream("audio", "0.0.0.1", 0));
        assertThat(media.ports()).isEqualTo(1);
        assertThat(agreed.offer(Side.CALLER, List.of(AUDIO)).streams()).containsExactly(AUDIO, IMAGE);
    }

    @Test
    void shouldSendNoMoreStreamsThanAnUpdateTakes() {
        agree();
        List<MediaStream> many = new ArrayList<>();
        for (int i = 0; i < UpdateCommand.MAX_STREAMS; i++) {
            many.add(stream("video", "10.0.0.1", 7000 + 2 * i));
        }

        assertThat(agreed.offer(Side.CALLER, many).streams()).isEqualTo(many);
    }

    private void agree() {
        agreed.sent(agreed.offer(Side.CALLER, List.of(AUDIO)));
        agreed.sent(agreed.answer(Side.CALLEE, List.of(AUDIO_OF_CALLEE)));
    }

    private static MediaStream stream(String type, String address, int port) {
        return new MediaStream(type, address, port, "sendrecv", false);
    }
}
