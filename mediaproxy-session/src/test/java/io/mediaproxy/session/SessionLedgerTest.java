package io.mediaproxy.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SessionLedgerTest {
    private final SessionLedger ledger = new SessionLedger();

    @Test
    void shouldAssumeThatAnUnknownCallMayHaveASession() {
        assertThat(ledger.mayHaveSession("c")).isTrue();
    }

    @Test
    void shouldKnowThatACallWithoutOfferHasNoSession() {
        ledger.inviteWithoutOffer("c");

        assertThat(ledger.mayHaveSession("c")).isFalse();
    }

    @Test
    void shouldKeepASessionAfterAReInviteWithoutOffer() {
        ledger.updateSent("c");
        ledger.updateSucceeded("c");

        ledger.inviteWithoutOffer("c");

        assertThat(ledger.mayHaveSession("c")).isTrue();
    }

    @Test
    void shouldNotDecideWhileAnUpdateIsInFlight() {
        ledger.updateSent("c");

        ledger.inviteWithoutOffer("c");

        assertThat(ledger.mayHaveSession("c")).isTrue();
    }

    @Test
    void shouldRemoveALateSessionIfNoUpdateOfItsCallSucceeded() {
        ledger.updateSent("c");
        ledger.updateFailed("c");

        ledger.updateSucceededLate("c");

        assertThat(ledger.endOrphan("c")).isTrue();
        assertThat(ledger.hasEnded("c")).isTrue();
        ledger.updateFailed("c");
        assertThat(ledger.endOrphan("c")).as("once").isFalse();
    }

    @Test
    void shouldKeepALateSessionThatItsCallUses() {
        ledger.updateSent("c");
        ledger.updateSucceeded("c");
        ledger.updateSent("c");
        ledger.updateFailed("c");

        ledger.updateSucceededLate("c");

        assertThat(ledger.endOrphan("c")).isFalse();
    }

    @Test
    void shouldWaitForAnUpdateInFlightBeforeRemovingALateSession() {
        ledger.updateSent("c");
        ledger.updateFailed("c");
        ledger.updateSent("c");

        ledger.updateSucceededLate("c");

        assertThat(ledger.endOrphan("c")).isFalse();
        ledger.updateFailed("c");
        assertThat(ledger.endOrphan("c")).isTrue();
    }

    @Test
    void shouldKeepALateSessionThatAnUpdateInFlightUses() {
        ledger.updateSent("c");
        ledger.updateFailed("c");
        ledger.updateSent("c");
        ledger.updateSucceededLate("c");
        ledger.updateSucceeded("c");
        ledger.updateSent("c");

        ledger.updateFailed("c");
        assertThat(ledger.endOrphan("c")).isFalse();
    }

    @Test
    void shouldLeaveALateSessionOfAnEndedCallToItsRemoval() {
        ledger.updateSent("c");
        ledger.updateFailed("c");
        ledger.callEnded("c");

        ledger.updateSucceededLate("c");

        assertThat(ledger.endOrphan("c")).isFalse();
    }

    @Test
    void shouldTreatACallAsEndedUntilTheNextRequest() {
        ledger.updateSent("c");
        ledger.updateSucceeded("c");
        ledger.callEnded("c");

        assertThat(ledger.hasEnded("c")).isTrue();
        assertThat(ledger.mayHaveSession("c")).isFalse();
        ledger.updateSent("c");
        assertThat(ledger.hasEnded("c")).isFalse();
        assertThat(ledger.hasSession("c")).isTrue();
    }

    @Test
    void shouldStayEndedWhenAnEarlierUpdateSucceeds() {
        ledger.updateSent("c");
        ledger.callEnded("c");
        ledger.updateSucceeded("c");

        assertThat(ledger.hasEnded("c")).isTrue();
    }

    @Test
    void shouldDropTheCallThatWasIdleLongestWhenFull() {
        ledger.inviteWithoutOffer("first");
        ledger.inviteWithoutOffer("second");
        for (int i = 0; i < SessionLedger.MAX_CALLS - 2; i++) {
            ledger.inviteWithoutOffer("c" + i);
        }
        ledger.inviteWithoutOffer("first");

        ledger.inviteWithoutOffer("one more");

        assertThat(ledger.mayHaveSession("first")).isFalse();
        assertThat(ledger.mayHaveSession("second")).isTrue();
    }
}
