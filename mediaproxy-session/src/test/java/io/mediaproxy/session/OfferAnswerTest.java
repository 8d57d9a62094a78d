package io.mediaproxy.session;

import static io.mediaproxy.session.Side.CALLEE;
import static io.mediaproxy.session.Side.CALLER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mediaproxy.session.OfferAnswer.Exchange;
import io.mediaproxy.session.OfferAnswer.Request;
import io.mediaproxy.session.OfferAnswer.StaleRequestException;
import org.junit.jupiter.api.Test;

/** The patterns of RFC 6337 2.2, and messages between offers and answers. */
class OfferAnswerTest {
    private static final Exchange FIRST = new Exchange(CALLER, 1, CALLER);

    private final OfferAnswer calls = new OfferAnswer();

    @Test
    void shouldKnowPattern1And2InviteAndItsResponses() {
        assertThat(calls.request(new Request(CALLER, "", 1), "INVITE")).isEqualTo(FIRST);
        assertThat(calls.response(new Request(CALLER, "bob", 1))).isEqualTo(FIRST);
        assertThat(calls.response(new Request(CALLER, "bob", 1)))
                .as("the 200 after the 183")
                .isEqualTo(FIRST);
    }

    @Test
    void shouldKnowPattern3The2xxAndItsAck() {
        calls.inviteWithoutOffer(new Request(CALLER, "", 1));

        Exchange offer = calls.response(new Request(CALLER, "bob", 1));

        assertThat(offer).isEqualTo(new Exchange(CALLER, 1, CALLEE));
        assertThat(calls.request(new Request(CALLER, "bob", 1), "ACK")).isEqualTo(offer);
    }

    @Test
    void shouldKnowPattern4The1xxAndItsPrack() {
        calls.inviteWithoutOffer(new Request(CALLER, "", 1));
        Exchange offer = calls.response(new Request(CALLER, "bob", 1));

        assertThat(calls.request(new Request(CALLER, "bob", 2), "PRACK")).isEqualTo(offer);
        assertThat(calls.request(new Request(CALLER, "bob", 3), "PRACK"))
                .as("the next one is an offer")
                .isEqualTo(new Exchange(CALLER, 3, CALLER));
    }

    @Test
    void shouldKnowPattern5And6PrackAndUpdateWithTheir2xx() {
        calls.request(new Request(CALLER, "", 1), "INVITE");
        calls.response(new Request(CALLER, "bob", 1));

        assertThat(calls.request(new Request(CALLER, "bob", 2), "PRACK")).isEqualTo(new Exchange(CALLER, 2, CALLER));
        assertThat(calls.response(new Request(CALLER, "bob", 2))).isEqualTo(new Exchange(CALLER, 2, CALLER));
        assertThat(calls.request(new Request(CALLEE, "bob", 1), "UPDATE")).isEqualTo(new Exchange(CALLEE, 1, CALLEE));
        assertThat(calls.response(new Request(CALLEE, "bob", 1))).isEqualTo(new Exchange(CALLEE, 1, CALLEE));
    }

    @Test
    void shouldNeverTakeAnAckForAnOffer() {
        calls.request(new Request(CALLER, "", 1), "INVITE");

        assertThat(calls.request(new Request(CALLER, "bob", 1), "ACK")).isEqualTo(FIRST);
    }

    @Test
    void shouldCountTheTwoSidesSeparately() {
        calls.request(new Request(CALLER, "bob", 50), "INVITE");
        calls.response(new Request(CALLER, "bob", 50));

        assertThat(calls.request(new Request(CALLEE, "bob", 3), "INVITE").cseq())
                .isEqualTo(3);
        calls.response(new Request(CALLEE, "bob", 3));
        assertThat(calls.request(new Request(CALLER, "bob", 51), "INVITE").cseq())
                .isEqualTo(51);
    }

    @Test
    void shouldRefuseARequestOlderThanTheLastOfferOfItsSide() {
        calls.request(new Request(CALLER, "bob", 3), "INVITE");

        assertThatThrownBy(() -> calls.request(new Request(CALLER, "bob", 2), "INVITE"))
                .isInstanceOf(StaleRequestException.class)
                .hasMessageContaining("2")
                .hasMessageContaining("3");
        assertThat(calls.current()).isEqualTo(new Exchange(CALLER, 3, CALLER));
    }

    @Test
    void shouldExpectOneOfferAfterARepeatedInviteWithoutOffer() {
        calls.inviteWithoutOffer(new Request(CALLER, "", 1));
        Exchange offer = calls.response(new Request(CALLER, "bob", 1));
        assertThat(calls.request(new Request(CALLER, "bob", 2), "PRACK")).isEqualTo(offer);
        Exchange next = calls.request(new Request(CALLER, "bob", 3), "PRACK");
        calls.inviteWithoutOffer(new Request(CALLER, "", 1));

        assertThat(calls.response(new Request(CALLER, "bob", 3)))
                .as("the answer to the PRACK")
                .isEqualTo(next);
    }

    @Test
    void shouldExpectNoOfferAfterARefusedInviteWithoutOffer() {
        calls.request(new Request(CALLER, "", 1), "INVITE");
        calls.inviteWithoutOffer(new Request(CALLER, "bob", 2));
        calls.refused(new Request(CALLER, "bob", 2));

        assertThat(calls.response(new Request(CALLER, "bob", 1))).isEqualTo(FIRST);
    }

    @Test
    void shouldExpectNoAnswerToARefusedOffer() {
        calls.request(new Request(CALLER, "", 1), "INVITE");
        calls.refused(new Request(CALLER, "bob", 7));
        assertThat(calls.request(new Request(CALLEE, "bob", 1), "UPDATE"))
                .as("another request was refused")
                .isEqualTo(FIRST);

        calls.request(new Request(CALLER, "bob", 2), "INVITE");
        calls.refused(new Request(CALLER, "bob", 2));
        assertThat(calls.request(new Request(CALLEE, "bob", 2), "UPDATE")).isEqualTo(new Exchange(CALLEE, 2, CALLEE));

        calls.request(new Request(CALLER, "bob", 3), "INVITE");
        calls.refusedOnAnotherLeg(CALLER);
        assertThat(calls.request(new Request(CALLEE, "bob", 3), "UPDATE")).isEqualTo(new Exchange(CALLEE, 3, CALLEE));
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
        assertThat(calls.response(new Request(CALLER, "bob", 4))).isEqualTo(new Exchange(CALLER, 4, CALLEE));
    }

    @Test
    void shouldCompareCseqsWithinTheDialog() {
        calls.request(new Request(CALLER, "", 1), "INVITE");
        calls.response(new Request(CALLER, "bob", 1));
        calls.request(new Request(CALLER, "bob", 2), "INVITE");
        calls.response(new Request(CALLER, "bob", 2));

        assertThat(calls.request(new Request(CALLER, "carol", 2), "INVITE")).isEqualTo(new Exchange(CALLER, 3, CALLER));
        assertThatThrownBy(() -> calls.request(new Request(CALLER, "carol", 1), "UPDATE"))
                .as("the INVITE counts for all dialogs")
                .isInstanceOf(StaleRequestException.class);
    }

    @Test
    void shouldPlaceTheAnswerOfAnotherCalleeAmongTheCallersOffers() {
        calls.request(new Request(CALLER, "", 1), "INVITE");
        calls.response(new Request(CALLER, "bob", 1));
        calls.request(new Request(CALLEE, "bob", 8000), "UPDATE");
        calls.response(new Request(CALLEE, "bob", 8000));

        assertThat(calls.response(new Request(CALLER, "carol", 1))).isEqualTo(FIRST);
        assertThat(calls.request(new Request(CALLEE, "carol", 1), "INVITE").cseq())
                .isEqualTo(8001);
    }
}
