package io.mediaproxy.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.protocol.UpdateCommand;
import org.junit.jupiter.api.Test;

class AccountingLimitsTest {
    private final AccountingLimits limits = new AccountingLimits();

    @Test
    void shouldAcceptNamesThatFit() {
        assertThat(limits.check(update("c".repeat(255), "f".repeat(64), "t".repeat(64))))
                .isFalse();
    }

    @Test
    void shouldWarnOnceOfALongCallId() {
        assertThat(limits.check(update("c".repeat(256), "f", "t"))).isTrue();
        assertThat(limits.check(update("c".repeat(256), "f", "t"))).isFalse();
    }

    @Test
    void shouldWarnOfALongFromTag() {
        assertThat(limits.check(update("c", "f".repeat(65), "t"))).isTrue();
    }

    @Test
    void shouldWarnOfALongToTag() {
        assertThat(limits.check(update("c", "f", "t".repeat(65)))).isTrue();
    }

    private static UpdateCommand update(String callId, String fromTag, String toTag) {
        return UpdateCommand.builder(UpdateCommand.Type.REQUEST)
                .callId(callId)
                .cseq("1")
                .fromTag(fromTag)
                .toTag(toTag)
                .signalingIp("192.0.2.1")
                .build();
    }
}
