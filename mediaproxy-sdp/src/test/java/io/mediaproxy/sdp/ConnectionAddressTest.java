package io.mediaproxy.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionAddressTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.6,192.0.2.6",
        "192.0.2.6.,192.0.2.6",
        "192.000.002.006,192.0.2.6",
        "010.011.012.099,10.11.12.99",
        "192.0.2.6/127,192.0.2.6",
        "192.0.2.6./0,192.0.2.6",
        "::ffff:192.0.2.6,192.0.2.6",
        "::FfFf:192.0.2.6,192.0.2.6",
        "0.0.0.0,0.0.0.0",
        "255.255.255.255,255.255.255.255"
    })
    void shouldReadEveryFormOfAnIpv4Address(String text, String expected) {
        byte[] bytes = Ascii.bytes("1" + text + "1");

        long ipv4 = ConnectionAddress.ipv4(bytes, 1, bytes.length - 1);

        assertThat(ConnectionAddress.text(ipv4)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "1.2.3",
                "1.2.3.",
                "1..3.4",
                "1.2.3.4..",
                "1.2.3.4.5",
                "1.2.3.256",
                "0001.2.3.4",
                "1.2.3.4/",
                "1.2.3.4/256",
                "1.2.3.4/12/3",
                "1.2.3.4x",
                "1.2.3.-4",
                "::ffff:",
                "::fffe:1.2.3.4",
                "::1",
                "pc33.example.com"
            })
    void shouldRefuseAnyOtherAddress(String text) {
        byte[] bytes = Ascii.bytes(text);

        assertThat(ConnectionAddress.ipv4(bytes, 0, bytes.length)).isEqualTo(ConnectionAddress.NOT_IPV4);
    }

    @ParameterizedTest
    @CsvSource({
        "IP6 2001:db8::1,true",
        "IP4 2001:db8::1,true",
        "IP6 ::,true",
        "IP6 host.example.com,true",
        "ip6 host.example.com,true",
        "IP4 host.example.com,false",
        "IP6 192.0.2.6,false",
        "IP6 ::ffff:192.0.2.6,false"
    })
    void shouldJudgeIpv6ByTheAddressBeforeTheType(String line, boolean expected) {
        byte[] bytes = Ascii.bytes(line);

        assertThat(ConnectionAddress.isIpv6(bytes, 0, 4, bytes.length)).isEqualTo(expected);
    }

    @Test
    void shouldKnowTheEdgesOfMulticast() {
        assertThat(ConnectionAddress.isMulticast(0xDFFF_FFFFL)).isFalse();
        assertThat(ConnectionAddress.isMulticast(0xE000_0000L)).isTrue();
        assertThat(ConnectionAddress.isMulticast(0xEFFF_FFFFL)).isTrue();
        assertThat(ConnectionAddress.isMulticast(0xF000_0000L)).isFalse();
    }

    @Test
    void shouldFindSlashesAndColonsInEveryPlace() {
        for (int length = 0; length < 40; length++) {
            for (int place = 0; place < length; place++) {
                for (byte wanted : new byte[] {'/', ':'}) {
                    byte[] bytes = Ascii.bytes("1".repeat(length));
                    bytes[place] = wanted;
                    assertThat(Ascii.hasSlashOrColon(bytes, 0, length)).isTrue();
                    assertThat(Ascii.hasSlashOrColon(bytes, 0, place)).isFalse();
                    assertThat(Ascii.hasSlashOrColon(bytes, place + 1, length)).isFalse();
                }
            }
        }
    }
}
