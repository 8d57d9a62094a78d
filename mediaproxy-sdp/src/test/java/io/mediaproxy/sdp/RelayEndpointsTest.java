package io.mediaproxy.sdp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RelayEndpointsTest {
    @Test
    void shouldHoldAnAddressAndItsPorts() {
        RelayEndpoints relay = RelayEndpoints.of("255.0.10.1", 0, 65534);

        assertThat(relay).hasToString("255.0.10.1 0 65534").isEqualTo(RelayEndpoints.of("255.0.10.1", 0, 65534));
        assertThat(relay)
                .isNotEqualTo(RelayEndpoints.of("255.0.10.1", 0))
                .hasSameHashCodeAs(RelayEndpoints.of("255.0.10.1", 0, 65534));
        assertThat(relay.count()).isEqualTo(2);
        assertThat(relay.port(1)).isEqualTo(65534);
    }

    @Test
    void shouldCopyTheArrayOfPorts() {
        int[] ports = {50000};
        RelayEndpoints relay = RelayEndpoints.of("1.2.3.4", ports);

        ports[0] = 1;

        assertThat(relay.port(0)).isEqualTo(50000);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1.2.3",
                "1.2.3.4.5",
                "1.2.3.256",
                "1.2.3.",
                ".1.2.3",
                "1..2.3",
                "a.b.c.d",
                "1.2.3.4 ",
                "0001.2.3.4",
                "010.0.0.1",
                "::1",
                "None"
            })
    void shouldRefuseAnythingButAnIpv4Literal(String address) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RelayEndpoints.of(address, 50000))
                .withMessage("a relay's address is an IPv4 literal, not \"" + address + "\"");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 65535, 70000})
    void shouldRefuseAPortWithoutOneForRtcp(int port) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RelayEndpoints.of("1.2.3.4", port))
                .withMessage("a relay's RTP port is 0 to 65534 (RTCP is one above), not " + port);
    }
}
