package io.mediaproxy.jainsip;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import gov.nist.core.CommonLogger;
import gov.nist.javax.sip.message.SIPMessage;
import io.mediaproxy.examples.jainsip.DatagramParser;
import io.mediaproxy.fuzzing.CheckedDispatcher;
import io.mediaproxy.session.MediaProxyResult;
import io.mediaproxy.session.sip.RawSipMessage;
import java.text.ParseException;
import java.util.Arrays;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.provider.MethodSource;

/** Takes any datagram through JAIN-SIP's parser, with the rules for datagrams, and through its adapter. */
class JainSipFuzzTest {
    static {
        CommonLogger.legacyLogger = new Slf4jStackLogger(); // as in a stack with that property
    }

    private final DatagramParser parser = new DatagramParser();
    private final JainSipMediaProxy media = new JainSipMediaProxy(CheckedDispatcher.mediaProxy());

    static Stream<byte[]> messages() {
        return CheckedDispatcher.messages();
    }

    @MethodSource("messages")
    @FuzzTest
    void shouldRelayOrKeepEveryMessage(byte[] input) {
        SIPMessage message;
        try {
            message = parser.parseSIPMessage(input.clone(), true, false, (e, sip, type, header, text) -> {
                throw e;
            });
        } catch (ParseException e) {
            return;
        }
        if (message == null || message.getTopmostVia() == null) { // which the stack drops
            return;
        }
        byte[] before = encoded(message);
        if (before == null) {
            return;
        }
        MediaProxyResult result = media.useMediaProxy(message, CheckedDispatcher.SOURCE);
        byte[] after = message.encodeAsBytes("udp");
        media.endMediaSession(message);
        CheckedDispatcher.checkedCommands();

        byte[] body = result.body().orElse(null);
        if (body == null) {
            assertThat(after).isEqualTo(before);
        } else {
            RawSipMessage sent = RawSipMessage.parse(after, "");
            assertThat(Arrays.copyOfRange(sent.bodyArray(), sent.bodyOffset(), sent.bodyOffset() + sent.bodyLength()))
                    .isEqualTo(body);
            assertThat(sent.bodyOffset() + sent.bodyLength()).isEqualTo(after.length);
        }
    }

    /**
     * Returns null if the stack cannot send what it received: it writes header fields in the charset of the
     * Content-Type, which may be UTF-16, or unknown.
     */
    private static byte @Nullable [] encoded(SIPMessage message) {
        try {
            byte[] bytes = message.encodeAsBytes("udp");
            RawSipMessage.parse(bytes, "");
            return bytes;
        } catch (RuntimeException e) {
            return null;
        }
    }
}
