package io.mediaproxy.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.sdp.SdpEdits.Explanation;
import java.util.List;
import org.junit.jupiter.api.Test;

class EditTableTest {
    @Test
    void shouldAlignTheColumnsAndNameWhatIsAddedAndRemoved() {
        assertThat(EditTable.draw(List.of(
                        new Explanation(4, 30, "c=IN IP4 10.0.0.10", "", "moved"),
                        new Explanation(11, 90, "", "c=IN IP4 127.0.0.1", "needed"))))
                .containsExactly(
                        "line  before              after               why",
                        "   4  c=IN IP4 10.0.0.10  (removed)           moved",
                        "  11  (added)             c=IN IP4 127.0.0.1  needed");
    }

    @Test
    void shouldDrawNothingForNoEdit() {
        assertThat(EditTable.draw(List.of())).isEmpty();
    }

    @Test
    void shouldCutWhatIsLongerThanItsColumnAndMarkTheCut() {
        String fits = "x".repeat(44);
        assertThat(EditTable.draw(List.of(new Explanation(1, 0, fits, fits + "x", "why"))))
                .last()
                .isEqualTo("   1  " + fits + "  " + "x".repeat(41) + "...  why");
    }

    @Test
    void shouldShowControlCharactersAsEscapes() {
        assertThat(EditTable.draw(List.of(new Explanation(1, 0, "\u001b[2J\r\n", "\u202ex", "why"))))
                .last()
                .isEqualTo("   1  \\u{1b}[2J\\r\\n  \\u{202e}x  why");
    }
}
