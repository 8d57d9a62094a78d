package io.mediaproxy.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignalingTest {
    private static final Signaling ALICE =
            Signaling.from("192.0.2.1").to("198.51.100.2").username("alice@example.com");

    @Test
    void shouldBeThePlainAddressIfThereIsNothingElse() {
        assertThat(Signaling.from("192.0.2.1").headerValue()).isEqualTo("192.0.2.1");
        assertThat(Signaling.from("2001:db8::1").headerValue()).isEqualTo("2001:db8::1");
    }

    @Test
    void shouldBeAJsonObjectOfTheValuesThatAreThere() {
        assertThat(ALICE.headerValue())
                .isEqualTo("{\"signaling_ip\":\"192.0.2.1\",\"destination_ip\":\"198.51.100.2\","
                        + "\"username\":\"alice@example.com\"}");
        assertThat(Signaling.from("192.0.2.1").username("a").headerValue())
                .isEqualTo("{\"signaling_ip\":\"192.0.2.1\",\"username\":\"a\"}");
        assertThat(Signaling.from("192.0.2.1").to("::1").headerValue())
                .isEqualTo("{\"signaling_ip\":\"192.0.2.1\",\"destination_ip\":\"::1\"}");
    }

    @Test
    void shouldEscapeTheUserName() {
        assertThat(Signaling.from("192.0.2.1")
                        .username("\"}\\\r\n\0\u2028\u00fc")
                        .headerValue())
                .endsWith("\"username\":\"\\\"}\\\\\\r\\n\\u0000\\u2028\\u00FC\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "5",
                "1.5",
                "true",
                "null",
                "{}",
                "192.0.2.1_192.0.2.2",
                "192.0.2.1\r\n",
                "alice",
                "a:b",
                "::g"
            })
    void shouldRefuseWhatIsNoAddress(String ip) {
        assertThatExceptionOfType(CommandRefusedException.class).isThrownBy(() -> Signaling.from(ip));
        assertThatExceptionOfType(CommandRefusedException.class).isThrownBy(() -> ALICE.to(ip));
    }

    @Test
    void shouldRefuseAHeaderThatIsTooLong() {
        String longest = "a".repeat(512 - "{\"signaling_ip\":\"192.0.2.1\",\"username\":\"\"}".length());

        assertThat(Signaling.from("192.0.2.1").username(longest).headerValue()).hasSize(512);
        assertThatExceptionOfType(CommandRefusedException.class)
                .isThrownBy(() -> Signaling.from("192.0.2.1").username(longest + "a"))
                .withMessageContaining("at most 512 bytes");
    }
}
