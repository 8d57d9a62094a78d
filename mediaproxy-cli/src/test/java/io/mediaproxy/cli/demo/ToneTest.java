package io.mediaproxy.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ToneTest {
    // ITU-T G.711 table 2a: the ends of the scale and the steps around zero.
    @ParameterizedTest
    @CsvSource({"0,FF", "-1,7F", "32767,80", "-32768,00", "8,FE", "-8,7E", "132,EF", "1000,CE", "-1000,4E"})
    void shouldEncodeMuLawAsG711(int sample, String code) {
        assertThat(Tone.muLaw(sample)).isEqualTo((byte) Integer.parseInt(code, 16));
    }

    @Test
    void shouldHoldWholePeriodsInAFrame() {
        byte[] frame = new Tone(400).frame();

        assertThat(frame).hasSize(160);
        for (int i = 20; i < frame.length; i++) {
            assertThat(frame[i]).as("sample %d", i).isEqualTo(frame[i - 20]);
        }
        assertThat(frame).isNotEqualTo(new Tone(1000).frame());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 49, 425, 4000})
    void shouldRefuseAToneWhoseFramesWouldDiffer(int hertz) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Tone(hertz)).withMessageEndingWith(": " + hertz);
    }
}
