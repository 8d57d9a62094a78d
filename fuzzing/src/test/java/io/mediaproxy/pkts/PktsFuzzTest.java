package io.mediaproxy.pkts;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.mediaproxy.fuzzing.CheckedDispatcher;
import io.mediaproxy.session.sip.RawSipMessage;
import io.mediaproxy.session.sip.SipSyntaxException;
import io.pkts.packet.sip.SipMessage;
import io.pkts.packet.sip.SipParseException;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Takes any datagram through pkts and its adapter. */
class PktsFuzzTest {
    static Stream<byte[]> messages() {
        return CheckedDispatcher.messages();
    }

    @MethodSource("messages")
    @FuzzTest
    void shouldRelayOrKeepEveryMessage(byte[] input) {
        byte[] datagram = input.clone();
        SipMessage message;
        try {
            message = PktsMediaProxy.frame(datagram);
        } catch (SipSyntaxException | SipParseException e) {
            return;
        }
        byte[] before = message.toBuffer().getArray().clone();
        PktsMediaProxy media = new PktsMediaProxy(CheckedDispatcher.mediaProxy());
        PktsResult used = media.useMediaProxy(message, CheckedDispatcher.SOURCE);
        media.endMediaSession(message);
        CheckedDispatcher.checkedCommands();

        assertThat(datagram).isEqualTo(input);
        assertThat(message.toBuffer().getArray()).isEqualTo(before);
        byte[] body = used.result().body().orElse(null);
        if (body == null) {
            assertThat(used.message()).isSameAs(message);
        } else {
            RawSipMessage sent = RawSipMessage.parse(used.message().toBuffer().getArray(), "");
            assertThat(Arrays.copyOfRange(sent.bodyArray(), sent.bodyOffset(), sent.bodyOffset() + sent.bodyLength()))
                    .isEqualTo(body);
        }
    }
}
