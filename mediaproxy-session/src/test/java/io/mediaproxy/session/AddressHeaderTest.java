package io.mediaproxy.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressHeaderTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"Alice\" <sip:alice@a.example>;tag=1 | alice@a.example | 1",
                "<sip:alice@a.example;user=phone>;x=y;TAG = 1 ;z | alice@a.example | 1",
                "sip:alice@a.example;tag=1 | alice@a.example | 1",
                "sip:alice@a.example | alice@a.example | ``",
                "\"a <b> \\\" ;tag=no\" <SIP:alice@a.example>;tag=1 | alice@a.example | 1",
                "<sips:alice@a.example:5061> | sips:alice@a.example:5061 | ``",
                "<tel:+1-201-555-0123>;tag=1 | tel:+1-201-555-0123 | 1",
                "<sip:a.example?h=;tag=no>;tag=1 | a.example?h= | 1",
                "<sip:alice@a.example | `` | ``",
                "<>;tag=1 | `` | 1"
            })
    void shouldReadUriAndTag(String value, String uri, String tag) {
        assertThat(AddressHeader.parse(value)).isEqualTo(new AddressHeader(uri, tag));
    }

    @Test
    void shouldBeEmptyWithoutTheHeaderField() {
        assertThat(AddressHeader.parse(null)).isEqualTo(new AddressHeader("", ""));
    }
}
