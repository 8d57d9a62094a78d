package io.mediaproxy.examples.stateless;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.protocol.DispatcherLoad;
import io.mediaproxy.session.CallKey;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallGateTest {
    private static final InetSocketAddress OWN = new InetSocketAddress("192.0.2.1", 5060);
    private static final InetSocketAddress SOURCE = new InetSocketAddress("192.0.2.2", 5062);
    private static final String FIELDS = String.join(
            "\r\n",
            "Via: SIP/2.0/UDP 192.0.2.2:5062;branch=z9hG4bK1",
            "From: <sip:a@192.0.2.2>;tag=a",
            "Call-ID: call",
            "CSeq: 1 METHOD",
            "Content-Length: 0",
            "",
            "");

    private final Set<CallKey> engaged = new HashSet<>();
    private DispatcherLoad load = DispatcherLoad.NONE;
    private long waitedNanos;
    private long now;
    private final CallGate gate =
            new CallGate(new Routing(ListenAddress.at(OWN), null), () -> load, engaged::contains, () -> now);

    private static byte[] request(String method, String to) {
        return (method + " sip:b@192.0.2.3 SIP/2.0\r\nTo: " + to + "\r\n" + FIELDS.replace("METHOD", method))
                .getBytes(US_ASCII);
    }

    private @Nullable Forwarding refusal(byte[] datagram) {
        return gate.refusal(datagram, datagram.length, SOURCE, waitedNanos);
    }

    private void dispatcherTakes(Duration answerTime) {
        load = new DispatcherLoad(answerTime, 0);
    }

    private void dispatcherTakesForLong(Duration answerTime) {
        dispatcherTakes(answerTime);
        assertThat(refusal(request("INVITE", "<sip:b@192.0.2.3>"))).isNull();
        now += CallRate.PATIENCE_NANOS;
    }

    @Test
    void shouldTakeCallsThatAreInTime() {
        dispatcherTakes(DispatcherLoad.LATE.minusMillis(1));
        waitedNanos = Duration.ofMillis(1).toNanos();
        assertThat(refusal(request("INVITE", "<sip:b@192.0.2.3>"))).isNull();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 100, 201})
    void shouldRefuseNewCallsThatWouldBeLate(long waitedMillis) {
        waitedNanos = Duration.ofMillis(waitedMillis).toNanos();
        dispatcherTakesForLong(DispatcherLoad.LATE.minusMillis(waitedMillis - 1));

        assertThat(refusal(request("INVITE", "<sip:b@192.0.2.3>")))
                .isInstanceOfSatisfying(Forwarding.Answered.class, answered -> {
                    assertThat(answered.target()).isEqualTo(SOURCE);
                    assertThat(new String(answered.response().array(), US_ASCII))
                            .startsWith("SIP/2.0 503 Too Many Calls\r\nVia: SIP/2.0/UDP 192.0.2.2:5062;branch=z9hG4bK1")
                            .containsPattern("\r\nTo: <sip:b@192.0.2.3>;tag=[-0-9a-z]+\r\n")
                            .contains("\r\nCSeq: 1 INVITE\r\n", "\r\nRetry-After: 5\r\n");
                });
    }

    @Test
    void shouldNeverRefuseAnythingElse() {
        dispatcherTakesForLong(Duration.ofSeconds(1));
        waitedNanos = Duration.ofSeconds(1).toNanos();
        assertThat(refusal(request("INVITE", "<sip:b@192.0.2.3>;tag=b")))
                .as("a re-INVITE")
                .isNull();
        for (String method : List.of("ACK", "BYE", "CANCEL", "OPTIONS", "INFO", "INVITES", "")) {
            assertThat(refusal(request(method, "<sip:b@192.0.2.3>"))).as(method).isNull();
        }
        for (String other : List.of("", "I", "INVITE", "INVITE sip:b@192.0.2.3 SIP/2.0\r\n\r\n")) {
            assertThat(refusal(other.getBytes(US_ASCII))).as(other).isNull();
        }
    }

    @Test
    void shouldTakeTheRepeatedInviteOfACallThatItHas() {
        dispatcherTakesForLong(Duration.ofSeconds(1));
        engaged.add(new CallKey("call", "a"));
        assertThat(refusal(request("INVITE", "<sip:b@192.0.2.3>"))).isNull();
    }

    @Test
    void shouldRecogniseTheAckToItsRefusal() {
        dispatcherTakesForLong(Duration.ofSeconds(1));
        Forwarding refusal = Objects.requireNonNull(refusal(request("INVITE", "<sip:b@192.0.2.3>")));
        assertThat(refusal).isInstanceOf(Forwarding.Answered.class);
        String to = new String(((Forwarding.Answered) refusal).response().array(), US_ASCII)
                .lines()
                .filter(line -> line.startsWith("To: "))
                .findFirst()
                .orElseThrow()
                .substring("To: ".length());

        byte[] ack = request("ACK", to);
        assertThat(gate.isAckToRefusal(ack, ack.length)).isTrue();
        byte[] other = request("ACK", "<sip:b@192.0.2.3>;tag=b");
        assertThat(gate.isAckToRefusal(other, other.length)).isFalse();
        assertThat(gate.isAckToRefusal(new byte[0], 0)).isFalse();
    }
}
