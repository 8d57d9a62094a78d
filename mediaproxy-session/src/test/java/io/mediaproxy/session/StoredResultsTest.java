package io.mediaproxy.session;

import static io.mediaproxy.session.Call.AUDIO;
import static io.mediaproxy.session.Call.AUDIO_VIDEO;
import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.sdp.RelayEndpoints;
import io.mediaproxy.session.StoredResults.Stored;
import io.mediaproxy.session.sip.RawSipMessage;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What makes a message a retransmission, and how long it is known. */
class StoredResultsTest {
    private final StoredResults results = new StoredResults();
    private final Call call = new Call("c1");

    @Test
    void shouldTellMessagesApartByMethodStatusTagAndBody() {
        long invite = fingerprint(call.invite(AUDIO));

        assertThat(fingerprint(call.invite(AUDIO))).isEqualTo(invite);
        assertThat(fingerprint(call.invite(AUDIO_VIDEO))).isNotEqualTo(invite);
        assertThat(fingerprint(call.reply(200, AUDIO))).isNotEqualTo(invite);
        assertThat(fingerprint(call.reply(183, AUDIO))).isNotEqualTo(fingerprint(call.reply(200, AUDIO)));
    }

    @Test
    void shouldGiveBackWhatCameOfAMessage() {
        CompletableFuture<MediaProxyResult> onItsWay = new CompletableFuture<>();
        Stored stored = results.add(1);
        stored.began(onItsWay);
        assertThat(results.find(1)).isSameAs(stored);
        assertThat(stored.onItsWay()).isSameAs(onItsWay);

        RelayEndpoints relay = RelayEndpoints.of("192.0.2.7", 40000);
        stored.succeeded(relay);

        assertThat(stored.onItsWay()).isNull();
        assertThat(stored.relay()).isSameAs(relay);
        assertThat(results.find(2)).isNull();
    }

    @Test
    void shouldForgetWhatCameToNothingAndTheOldestOfTooMany() {
        results.forget(results.add(1));
        assertThat(results.find(1)).isNull();

        for (int i = 0; i <= StoredResults.CAPACITY; i++) {
            results.add(10 + i);
        }

        assertThat(results.find(10)).isNull();
        assertThat(results.find(11)).isNotNull();
        assertThat(results.find(10 + StoredResults.CAPACITY)).isNotNull();
    }

    @Test
    void shouldKnowSdpThatLeadsToTheRelayAlready() {
        results.add(1).succeeded(RelayEndpoints.of("10.0.0.1", 5012));
        results.add(2).succeeded(null);

        assertThat(results.leadsToRelay(sdp(AUDIO))).isTrue();
        assertThat(results.leadsToRelay(sdp(AUDIO.replace("5012", "5016")))).isFalse();
        assertThat(results.leadsToRelay(sdp(AUDIO_VIDEO)))
                .as("one stream does not")
                .isFalse();
        results.add(3).succeeded(RelayEndpoints.of("10.0.0.1", 0));
        assertThat(results.leadsToRelay(sdp(AUDIO.replace("5012", "0"))))
                .as("a disabled stream leads nowhere")
                .isFalse();
    }

    private MessageSdp sdp(String sdp) {
        return MessageSdp.of(call.invite(sdp));
    }

    private static long fingerprint(RawSipMessage message) {
        return StoredResults.fingerprint(message, CallFields.of(message));
    }
}
