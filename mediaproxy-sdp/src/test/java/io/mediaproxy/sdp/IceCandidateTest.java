package io.mediaproxy.sdp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IceCandidateTest {
    @ParameterizedTest
    @CsvSource({"none,NONE", "None,NONE", "low-priority,LOW_PRIORITY", "HIGH-Priority,HIGH_PRIORITY"})
    void shouldParseTheWordsOfTheModuleInAnyCase(String text, IceCandidate expected) {
        assertThat(IceCandidate.of(text)).isEqualTo(expected);
    }

    @Test
    void shouldRefuseAnyOtherWordAndListTheKnownOnes() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IceCandidate.of("medium"))
                .withMessage("ice_candidate is none, low-priority or high-priority, not \"medium\"");
    }
}
