package io.mediaproxy.session;

import static io.mediaproxy.session.Side.CALLEE;
import static io.mediaproxy.session.Side.CALLER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mediaproxy.session.OfferAnswer.Exchange;
import io.mediaproxy.session.OfferAnswer.StaleRequestException;
import org.junit.jupiter.api.Test;

/** The patterns of RFC 6337 2.2, and messages between offers and answers. */
class OfferAnswerTest {
    private static final Exchange FIRST = new Exchange(CALLER, 1, CALLER);

    private final OfferAnswer calls = new OfferAnswer();

    @Test
    void shouldKnowPattern1And2InviteAndItsResponses() {
        assertThat(calls.request(CALLER, "INVITE", 1)).isEqualTo(FIRST);
        assertThat(calls.response(CALLEE, 1)).isEqualTo(FIRST);
        assertThat(calls.response(CALLEE, 1)).as("the 200 after the 183").isEqualTo(FIRST);
    }

    @Test
    void shouldKnowPattern3The2xxAndItsAck() {
        calls.inviteWithoutOffer(CALLER, 1);

        Exchange offer = calls.response(CALLEE, 1);

        assertThat(offer).isEqualTo(new Exchange(CALLER, 1, CALLEE));
        assertThat(calls.request(CALLER, "ACK", 1)).isEqualTo(offer);
    }

    @Test
    void shouldKnowPattern4The1xxAndItsPrack() {
        calls.inviteWithoutOffer(CALLER, 1);
        Exchange offer = calls.response(CALLEE, 1);

        assertThat(calls.request(CALLER, "PRACK", 2)).isEqualTo(offer);
        assertThat(calls.request(CALLER, "PRACK", 3))
                .as("the next one is an offer")
                .isEqualTo(new Exchange(CALLER, 3, CALLER));
    }

    @Test
    void shouldKnowPattern5And6PrackAndUpdateWithTheir2xx() {
        calls.request(CALLER, "INVITE", 1);
        calls.response(CALLEE, 1);

        assertThat(calls.request(CALLER, "PRACK", 2)).isEqualTo(new Exchange(CALLER, 2, CALLER));
        assertThat(calls.response(CALLEE, 2)).isEqualTo(new Exchange(CALLER, 2, CALLER));
        assertThat(calls.request(CALLEE, "UPDATE", 1)).isEqualTo(new Exchange(CALLEE, 1, CALLEE));
        assertThat(calls.response(CALLER, 1)).isEqualTo(new Exchange(CALLEE, 1, CALLEE));
    }

    @Test
    void shouldNeverTakeAnAckForAnOffer() {
        calls.request(CALLER, "INVITE", 1);

        assertThat(calls.request(CALLER, "ACK", 1)).isEqualTo(FIRST);
    }

    @Test
    void shouldCountTheTwoSidesSeparately() {
        calls.request(CALLER, "INVITE", 50);
        calls.response(CALLEE, 50);

        assertThat(calls.request(CALLEE, "INVITE", 3).cseq()).isEqualTo(3);
        calls.response(CALLER, 3);
        assertThat(calls.request(CALLER, "INVITE", 51).cseq()).isEqualTo(51);
    }

    @Test
    void shouldRefuseARequestOlderThanTheLastOfferOfItsSide() {
        calls.request(CALLER, "INVITE", 3);

        assertThatThrownBy(() -> calls.request(CALLER, "INVITE", 2))
                .isInstanceOf(StaleRequestException.class)
                .hasMessageContaining("2")
                .hasMessageContaining("3");
        assertThat(calls.current()).isEqualTo(new Exchange(CALLER, 3, CALLER));
    }

    @Test
    void shouldExpectOneOfferAfterARepeatedInviteWithoutOffer() {
        calls.inviteWithoutOffer(CALLER, 1);
        Exchange offer = calls.response(CALLEE, 1);
        assertThat(calls.request(CALLER, "PRACK", 2)).isEqualTo(offer);
        Exchange next = calls.request(CALLER, "PRACK", 3);
        calls.inviteWithoutOffer(CALLER, 1);

        assertThat(calls.response(CALLEE, 3)).as("the answer to the PRACK").isEqualTo(next);
    }

    @Test
    void shouldExpectNoOfferAfterARefusedInviteWithoutOffer() {
        calls.request(CALLER, "INVITE", 1);
        calls.inviteWithoutOffer(CALLER, 2);
        calls.refused(CALLER, 2);

        assertThat(calls.response(CALLEE, 1)).isEqualTo(FIRST);
    }

    @Test
    void shouldExpectNoAnswerToARefusedOffer() {
        calls.request(CALLER, "INVITE", 1);
        calls.refused(CALLER, 7);
        assertThat(calls.request(CALLEE, "UPDATE", 1))
                .as("another request was refused")
                .isEqualTo(FIRST);

        calls.request(CALLER, "INVITE", 2);
        calls.refused(CALLER, 2);
        assertThat(calls.request(CALLEE, "UPDATE", 2)).isEqualTo(new Exchange(CALLEE, 2, CALLEE));

        calls.request(CALLER, "INVITE", 3);
        calls.refusedOnAnotherLeg(CALLER);
        assertThat(calls.request(CALLEE, "UPDATE", 3)).isEqualTo(new Exchange(CALLEE, 3, CALLEE));
    }

    @Test
    void shouldGiveOffersOfAServerANewerCseqThanBefore() {
        assertThatThrownBy(calls::answer)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("there was no offer");
        assertThat(calls.newOffer(CALLER, 5, CALLER).cseq()).isEqualTo(5);
        assertThat(calls.newOffer(CALLER, 5, CALLER).cseq()).isEqualTo(6);
        assertThat(calls.newOffer(CALLEE, 2, CALLEE).cseq()).isEqualTo(2);
        assertThat(calls.newOffer(CALLER, 1, CALLEE)).isEqualTo(new Exchange(CALLER, 7, CALLEE));
        assertThat(calls.answer()).isEqualTo(new Exchange(CALLER, 7, CALLEE));
    }

    @Test
    void shouldTakeAResponseToAnUnseenInviteForAnOffer() {
        assertThat(calls.response(CALLEE, 4)).isEqualTo(new Exchange(CALLER, 4, CALLEE));
    }
}
