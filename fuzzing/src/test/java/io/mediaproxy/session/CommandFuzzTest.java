package io.mediaproxy.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.mediaproxy.fuzzing.CheckedDispatcher;
import io.mediaproxy.session.sip.RawSipMessage;
import io.mediaproxy.session.sip.SipSyntaxException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Takes any bytes through {@code use_media_proxy} and {@code end_media_session}, up to the commands on a socket. */
class CommandFuzzTest {
    private static final List<String> FIELDS =
            List.of("Call-ID", "CSeq", "From", "To", "Via", "Route", "User-Agent", "Content-Type", "Subject");

    static Stream<byte[]> messages() {
        return CheckedDispatcher.messages();
    }

    @MethodSource("messages")
    @FuzzTest
    void shouldSendOnlyCommandsOfTheGrammar(byte[] input) {
        byte[] datagram = input.clone();
        RawSipMessage message;
        try {
            message = RawSipMessage.parse(datagram, CheckedDispatcher.SOURCE);
        } catch (SipSyntaxException e) {
            assertThat(e.offset()).isBetween(0, input.length);
            return;
        }
        MediaProxyResult result = CheckedDispatcher.mediaProxy().useMediaProxy(message);
        describesTheMessage(message, result);
        MediaProxyResult end = CheckedDispatcher.mediaProxy().endMediaSession(message);
        assertThat(end.reason()).isNotNull();
        assertThat(CheckedDispatcher.checkedCommands()).hasSizeLessThanOrEqualTo(1);
        result.body().ifPresent(body -> keepsTheRest(message, body));
        assertThat(datagram).isEqualTo(input);
    }

    private static void describesTheMessage(RawSipMessage message, MediaProxyResult result) {
        List<Map<String, String>> commands = CheckedDispatcher.checkedCommands();
        assertThat(commands).hasSizeLessThanOrEqualTo(1);
        assertThat(result.body().isPresent() && commands.isEmpty()).isFalse();
        for (Map<String, String> headers : commands) {
            CallFields fields = CallFields.of(message);
            assertThat(headers.get("type")).isEqualTo(message.isRequest() ? "request" : "reply");
            assertThat(headers.get("call_id")).startsWith(fields.callId().stripTrailing());
            assertThat(headers.get("from_tag")).isEqualTo(fields.from().tag());
            assertThat(headers.get("cseq")).isEqualTo(fields.cseq());
        }
    }

    private static void keepsTheRest(RawSipMessage message, byte[] body) {
        byte[] rewritten = message.withBody(body);
        RawSipMessage read = RawSipMessage.parse(rewritten, CheckedDispatcher.SOURCE);
        int start = read.bodyOffset();
        assertThat(Arrays.copyOfRange(read.bodyArray(), start, start + read.bodyLength()))
                .isEqualTo(body);
        for (String field : FIELDS) {
            assertThat(read.headers(field)).isEqualTo(message.headers(field));
        }
        assertThat(read.headers("Content-Length")).isNotEmpty().containsOnly(Integer.toString(body.length));
    }
}
