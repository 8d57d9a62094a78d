package io.mediaproxy.examples.stateless;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressTagTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "<sip:a@b>;tag=1|1",
                "sip:a@b;tag=1|1",
                "<sip:a@b;tag=2>;x=y; TAG = 1 ;z|1",
                "\"x;tag=2\" <sip:a@b>;tag=1|1",
                "\"\\\"<sip:c@d>;tag=2\" <sip:a@b>;tag=1|1",
                "<sip:a@b;tag=2>|''",
                "<sip:a@b>;tags=2;stag=3|''",
                "<sip:a@b>;tag|''",
                "<sip:a@b>;tag=|''",
                "<sip:a@b|''",
                "''|''",
            })
    void shouldFindTheTag(String value, String tag) {
        byte[] bytes = ("x" + value + ";tag=z").getBytes(StandardCharsets.US_ASCII);
        assertThat(AddressTag.of(bytes, 1, 1 + value.length())).isEqualTo(tag);
    }
}
