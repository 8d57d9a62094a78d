package io.mediaproxy.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MessageCallsTest {
    private final MessageCalls calls = new MessageCalls();

    @Test
    void shouldGiveTheFirstCallThePlainCallId() {
        assertThat(calls.name("c1", "alice", "")).isEqualTo("c1");
        calls.begin("c1", "alice");

        assertThat(calls.name("c1", "alice", "")).isEqualTo("c1");
        assertThat(calls.name("c1", "bob", "alice")).isEqualTo("c1");
    }

    @Test
    void shouldGiveAnotherCallItsCallersTag() {
        calls.begin("c1", "alice");
        calls.begin("c1", "b1");
        calls.begin("c1", "b1");

        assertThat(calls.name("c1", "b1", "")).isEqualTo("c1;from-tag=b1");
        assertThat(calls.name("c1", "bob", "b1")).isEqualTo("c1;from-tag=b1");
        assertThat(calls.name("c1", "alice", "b2")).isEqualTo("c1");
        assertThat(calls.name("c1", "zed", "yan")).isEqualTo("c1");
        assertThat(calls.isOfAnother("c1", "b1")).isTrue();
        assertThat(calls.isOfAnother("c1", "alice")).isFalse();
    }

    @Test
    void shouldKeepAtMostSoManyCallsOfOneCallId() {
        for (int i = 0; i <= MessageCalls.MAX_CALLERS; i++) {
            calls.begin("c1", "caller-" + i);
        }

        assertThat(calls.name("c1", "caller-" + (MessageCalls.MAX_CALLERS - 1), ""))
                .isEqualTo("c1;from-tag=caller-" + (MessageCalls.MAX_CALLERS - 1));
        assertThat(calls.name("c1", "caller-" + MessageCalls.MAX_CALLERS, "")).isEqualTo("c1");
    }
}
