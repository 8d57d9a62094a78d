package io.mediaproxy.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LegTest {
    private final Leg leg = new Leg(new CallKey("c1", "alice"));

    @Test
    void shouldOwnRequestsWithoutToTagAndAllResponsesToItsInvite() {
        leg.see("bob");

        assertThat(leg.owns(false, "alice", "")).isTrue();
        assertThat(leg.owns(true, "alice", "carol")).isTrue();
        assertThat(leg.owns(true, "carol", "alice")).isFalse();
    }

    @Test
    void shouldOwnMessagesOfItsDialogsInBothDirections() {
        leg.see("bob");

        assertThat(leg.owns(false, "alice", "bob")).isTrue();
        assertThat(leg.owns(false, "bob", "alice")).isTrue();
        assertThat(leg.owns(false, "alice", "zed")).isFalse();
        assertThat(leg.owns(false, "zed", "alice")).isFalse();
        assertThat(leg.owns(false, "bob", "zed")).isFalse();
    }

    @Test
    void shouldTakeTheFirstDialogWhereNoResponseWasSeen() {
        assertThat(leg.owns(false, "alice", "bob")).isTrue();
        leg.see("bob");

        assertThat(leg.owns(false, "alice", "zed")).isFalse();
    }

    @Test
    void shouldDropTheDialogThatWasSilentForTheLongestTime() {
        for (int i = 0; i < Leg.MAX_DIALOGS; i++) {
            leg.see("callee-" + i);
        }
        leg.see("callee-0");
        leg.see("another");

        assertThat(leg.owns(false, "alice", "callee-0")).isTrue();
        assertThat(leg.owns(false, "alice", "callee-1")).isFalse();
        assertThat(leg.owns(false, "alice", "another")).isTrue();
    }

    @Test
    void shouldNotAnswerADialogThatHasEnded() {
        leg.see("bob");
        leg.end("bob");
        leg.answer("bob");

        assertThat(leg.hasEnded("bob")).isTrue();
        assertThat(leg.isOpen()).isFalse();
    }

    @Test
    void shouldAnswerADialogWhoseInviteWasRefusedBefore() {
        leg.see("bob");
        leg.refuse("bob");
        assertThat(leg.isOpen()).isFalse();

        leg.answer("bob");

        assertThat(leg.answered()).containsExactly("bob");
    }

    @Test
    void shouldKeepNoMoreOfATagThanTheDispatcherTakes() {
        leg.see("t".repeat(300));
        leg.answer("t".repeat(300));

        assertThat(leg.isAnswered("t".repeat(300))).isTrue();
        assertThat(leg.answered()).containsExactly("t".repeat(256));
    }
}
