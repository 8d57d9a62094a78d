package io.mediaproxy.embedded.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mediaproxy.embedded.python.PythonInteger;
import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The relay's values as Python reads them. */
class RelayValuesTest {
    @ParameterizedTest
    @CsvSource({"12, 12", "' 12\t', 12", "1_000, 1000", "-1, -1", "+7, 7", "١٢, 12", "007, 7"})
    void shouldReadIntegersAsPythonDoes(String text, BigInteger value) {
        assertThat(PythonInteger.parse(text)).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "abc", "1.0", "_1", "1_", "1__0", "--1", "-", "0x10", "1 2"})
    void shouldRefuseWhatPythonRefuses(String text) {
        assertThat(PythonInteger.parse(text)).isNull();
    }

    @Test
    void shouldLimitTheDigitsOfAnInteger() {
        assertThat(PythonInteger.parse("9".repeat(4_300))).isNotNull();
        assertThat(PythonInteger.parse("9".repeat(4_301))).isNull();
    }

    @Test
    void shouldReadMedia() {
        assertThat(OfferedMedia.parse("audio:1.2.3.4:4000:sendrecv:ice=yes,,video:host:-1:"))
                .isEqualTo(List.of(
                        new OfferedMedia("audio", "1.2.3.4", BigInteger.valueOf(4000), "sendrecv", true),
                        new OfferedMedia("video", "host", BigInteger.ONE.negate(), "", false)));
        assertThat(OfferedMedia.parse(",")).isEqualTo(List.of());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "audio:1.2.3.4:4000",
                "audio:2001:db8::1:4000:sendrecv",
                "audio:1.2.3.4:abc:sendrecv",
                "audio:1.2.3.4:4000/2:sendrecv",
                "audio:1.2.3.4:4000:sendrecv:foo",
                "audio:1.2.3.4:4000:sendrecv:a=b=c",
                "audio:1.2.3.4:4000:sendrecv,video"
            })
    void shouldDropMediaThatTheRelayCannotRead(String text) {
        assertThat(OfferedMedia.parse(text)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.2.3.4",
                "1.2.3.4_5.6.7.8",
                "",
                "not",
                "{",
                "{\"a\"}",
                "2001:db8::1",
                "01",
                "1.",
                "[1,]",
                "\"a",
                "nul",
                "5 6",
                "{}}",
                "[1] // no comments",
                "'5'"
            })
    void shouldTakeAnythingButJsonForAnAddress(String text) {
        assertThat(SignalingAddress.parse(text).username()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "5",
                "-0.5e+3",
                "0",
                "true",
                "null",
                "NaN",
                "-Infinity",
                "\"1.2.3.4\"",
                "[1, [2], {}]",
                " 5 ",
                "\"\\u00e9\\n\""
            })
    void shouldRefuseJsonThatIsNoObject(String text) {
        assertThatThrownBy(() -> SignalingAddress.parse(text)).isInstanceOf(RelayRefusalException.class);
    }

    @Test
    void shouldReadTheUserNameOfAJsonObject() {
        assertThat(SignalingAddress.parse("{}").username()).isNull();
        assertThat(SignalingAddress.parse("{\"username\": 5}").username()).isNull();
        assertThat(SignalingAddress.parse("{\"username\":\"a\", \"x\":-Infinity, \"username\":\"b\"}")
                        .username())
                .isEqualTo("b");
        assertThat(SignalingAddress.parse("{\"x\":{\"username\":\"no\"},\"username\":\"b\\u00f6b\\\"\"}")
                        .username())
                .isEqualTo("böb\"");
    }

    @Test
    void shouldRefuseDeepNestingInLinearTime() {
        assertThatThrownBy(() -> SignalingAddress.parse("[".repeat(16_000))).isInstanceOf(RelayRefusalException.class);
        assertThat(SignalingAddress.parse("[".repeat(500)).username()).isNull();
    }

    @ParameterizedTest
    @CsvSource({"0, G711u", "8, G711a", "18, G729", "95, Unknown(95)", "96, Dynamic(96)", "127, Dynamic(127)"})
    void shouldNamePayloadTypes(int payloadType, String name) {
        assertThat(RtpPayload.name(payloadType)).isEqualTo(name);
    }
}
