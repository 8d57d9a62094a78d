package io.mediaproxy.session;

import static io.mediaproxy.session.Call.AUDIO;
import static io.mediaproxy.session.Call.AUDIO_VIDEO;
import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.sdp.IceCandidate;
import io.mediaproxy.sdp.RelayEndpoints;
import io.mediaproxy.session.Retransmissions.Original;
import io.mediaproxy.session.sip.RawSipMessage;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class RetransmissionsTest {
    private final Retransmissions retransmissions = new Retransmissions();
    private final Call call = new Call("c1");

    @Test
    void shouldDistinguishMessagesByMethodStatusTagAndBody() {
        long invite = fingerprint(call.invite(AUDIO));

        assertThat(fingerprint(call.invite(AUDIO))).isEqualTo(invite);
        assertThat(fingerprint(call.invite(AUDIO_VIDEO))).isNotEqualTo(invite);
        assertThat(fingerprint(call.response(200, AUDIO))).isNotEqualTo(invite);
        assertThat(fingerprint(call.response(183, AUDIO))).isNotEqualTo(fingerprint(call.response(200, AUDIO)));
    }

    @Test
    void shouldReturnTheOriginalOfARetransmission() {
        CompletableFuture<MediaProxyResult> pending = new CompletableFuture<>();
        MessageSdp sdp = MessageSdp.of(call.invite(AUDIO));
        Original original = retransmissions.add(1);
        original.startedWaiting(pending);
        assertThat(retransmissions.find(1)).isSameAs(original);
        CompletableFuture<MediaProxyResult> waiting = original.repeated(sdp, IceCandidate.NONE);
        assertThat(waiting).isNotDone();
        pending.complete(MediaProxyResult.failed("no relay"));
        assertThat(waiting.join().reason()).isEqualTo("no relay");

        RelayEndpoints relay = RelayEndpoints.of("192.0.2.7", 40000);
        original.succeeded(relay);

        assertThat(original.repeated(sdp, IceCandidate.NONE).join().relay()).containsSame(relay);
        assertThat(retransmissions.find(2)).isNull();
    }

    @Test
    void shouldDropFailuresAndTheOldestOfTooMany() {
        retransmissions.drop(retransmissions.add(1));
        assertThat(retransmissions.find(1)).isNull();

        for (int i = 0; i <= Retransmissions.CAPACITY; i++) {
            retransmissions.add(10 + i);
        }

        assertThat(retransmissions.find(10)).isNull();
        assertThat(retransmissions.find(11)).isNotNull();
        assertThat(retransmissions.find(10 + Retransmissions.CAPACITY)).isNotNull();
    }

    @Test
    void shouldRecogniseSdpThatLeadsToTheRelayAlready() {
        retransmissions.add(1).succeeded(RelayEndpoints.of("10.0.0.1", 5012));
        retransmissions.add(2).succeeded(null);

        assertThat(retransmissions.leadsToRelay(sdp(AUDIO))).isTrue();
        assertThat(retransmissions.leadsToRelay(sdp(AUDIO.replace("5012", "5016"))))
                .isFalse();
        assertThat(retransmissions.leadsToRelay(sdp(AUDIO_VIDEO)))
                .as("one stream does not")
                .isFalse();
        retransmissions.add(3).succeeded(RelayEndpoints.of("10.0.0.1", 0));
        assertThat(retransmissions.leadsToRelay(sdp(AUDIO.replace("5012", "0"))))
                .as("a disabled stream leads nowhere")
                .isFalse();
    }

    private MessageSdp sdp(String sdp) {
        return MessageSdp.of(call.invite(sdp));
    }

    private static long fingerprint(RawSipMessage message) {
        return Retransmissions.fingerprint(RelayedMessage.of(message, CallAttributes.NONE));
    }
}
