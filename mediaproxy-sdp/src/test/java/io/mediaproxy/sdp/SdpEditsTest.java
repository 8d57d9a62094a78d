package io.mediaproxy.sdp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SdpEditsTest {
    private static final String OFFER = "v=0\r\nc=IN IP4 10.0.0.1\r\nm=audio 5012 RTP/AVP 0\r\na=rtcp:5013\r\n";
    private static final RelayEndpoints RELAY = RelayEndpoints.of("81.23.228.129", 50000);

    @Test
    void shouldExplainEachEditInTheOrderOfTheLines() {
        SdpEdits edits = plan("v=0\r\nc=IN IP6 2001:db8::1\r\nm=audio 5012 RTP/AVP 0\r\na=rtcp:5013 IN IP4 10.0.0.1"
                + "\r\nc=IN IP4 10.0.0.1\r\nm=x 1 TCP y\r\n");

        assertThat(edits.explain())
                .containsExactly(
                        new SdpEdits.Explanation(
                                2,
                                5,
                                "c=IN IP6 2001:db8::1",
                                "",
                                "the relay carries only some of the streams, so each gets an address of its own"),
                        new SdpEdits.Explanation(3, 35, "5012", "50000", "the relay's RTP port for this stream"),
                        new SdpEdits.Explanation(4, 58, "5013", "50001", "the relay's RTCP port for this stream"),
                        new SdpEdits.Explanation(
                                4, 70, "10.0.0.1", "81.23.228.129", "RTCP of this stream goes to the relay"),
                        new SdpEdits.Explanation(
                                5, 89, "10.0.0.1", "81.23.228.129", "media of this stream goes to the relay"),
                        new SdpEdits.Explanation(
                                7,
                                112,
                                "",
                                "c=IN IP6 2001:db8::1",
                                "the relay does not carry this stream, which keeps the session's address"));
    }

    @Test
    void shouldGatherSlicesOfTheOriginalAndOfItsOwnText() {
        SdpEdits edits = plan(OFFER);

        ByteBuffer[] slices = edits.gather();

        assertThat(slices).hasSize(7).allMatch(ByteBuffer::isReadOnly);
        ByteBuffer joined = ByteBuffer.allocate(edits.length());
        Arrays.stream(slices).forEach(joined::put);
        assertThat(joined.array()).isEqualTo(edits.toByteArray());
        assertThat(joined.remaining()).isZero();
    }

    @Test
    void shouldGiveTheOriginalRangeWhenNothingChanges() {
        byte[] body = bytes("v=0\r\nc=IN IP4 10.0.0.1\r\nm=message 7394 TCP/MSRP *\r\n");
        SdpIndex index = new SdpIndex();
        index.parse(body, 0, body.length);

        SdpEdits edits = SdpRewriter.plan(index, RELAY, IceCandidate.NONE);

        assertThat(edits.isEmpty()).isTrue();
        assertThat(edits.length()).isEqualTo(body.length);
        assertThat(edits.gather()).containsExactly(ByteBuffer.wrap(body));
        assertThat(edits.explain()).isEmpty();
    }

    @Test
    void shouldWriteToItsRangeOnly() {
        SdpEdits edits = plan(OFFER);
        byte[] target = new byte[edits.length() + 4];
        Arrays.fill(target, (byte) '#');

        assertThat(edits.writeTo(target, 2)).isEqualTo(edits.length());

        assertThat(new String(target, StandardCharsets.US_ASCII))
                .isEqualTo("##"
                        + OFFER.replace("10.0.0.1", "81.23.228.129")
                                .replace("5012", "50000")
                                .replace("5013", "50001") + "##");
    }

    @Test
    void shouldWriteNothingWhenThereIsNoRoom() {
        SdpEdits edits = plan(OFFER);
        byte[] target = new byte[edits.length()];

        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> edits.writeTo(target, 1));
        assertThat(target).containsOnly(0);
    }

    @Test
    void shouldReplaceThePreviousPlan() {
        SdpEdits edits = plan(OFFER + "m=video 5014 RTP/AVP 34\r\n".repeat(31));
        byte[] body = bytes(OFFER);
        SdpIndex index = new SdpIndex();
        index.parse(body, 0, body.length);

        SdpRewriter.plan(index, RELAY, IceCandidate.NONE, edits);

        assertThat(edits.toByteArray()).isEqualTo(plan(OFFER).toByteArray());
        assertThat(edits.count()).isEqualTo(3);
    }

    @Test
    void shouldNotRelayTheLastStreamsIfTheRelayHasTooFewPorts() {
        SdpEdits edits = plan(OFFER + "m=video 5014 RTP/AVP 34\r\nc=IN IP4 10.0.0.2\r\n");

        assertThat(new String(edits.toByteArray(), StandardCharsets.US_ASCII))
                .endsWith("m=video 5014 RTP/AVP 34\r\nc=IN IP4 10.0.0.2\r\n");
    }

    @Test
    void shouldKeepTheSessionAddressOfUnrelayedStreams() {
        SdpEdits edits = plan(OFFER + "m=x 1 TCP y\r\nm=video 5014 RTP/AVP 34\r\n");

        assertThat(new String(edits.toByteArray(), StandardCharsets.US_ASCII))
                .endsWith("m=x 1 TCP y\r\nc=IN IP4 10.0.0.1\r\nm=video 5014 RTP/AVP 34\r\nc=IN IP4 10.0.0.1\r\n");
    }

    @Test
    void shouldCompleteTheLastLineEndBeforeItAddsALine() {
        SdpEdits edits = plan("v=0\r\nc=IN IP4 10.0.0.1\r\nm=x 1 TCP y\r\nm=audio 5012 RTP/AVP 0\r");

        assertThat(new String(edits.toByteArray(), StandardCharsets.US_ASCII))
                .isEqualTo("v=0\r\nm=x 1 TCP y\r\nc=IN IP4 10.0.0.1\r\nm=audio 50000 RTP/AVP 0"
                        + "\r\nc=IN IP4 81.23.228.129");
    }

    @Test
    void shouldNotMoveTheTextAfterTheAddress() {
        SdpEdits edits =
                plan("v=0\r\nc=IN IP4 10.0.0.1 " + " ".repeat(5000) + "\r\nm=audio 1 RTP 0\r\nm=x 1 TCP y\r\n");

        assertThat(new String(edits.toByteArray(), StandardCharsets.US_ASCII)).endsWith("y\r\nc=IN IP4 10.0.0.1\r\n");
    }

    private static SdpEdits plan(String sdp) {
        byte[] body = bytes(sdp);
        SdpIndex index = new SdpIndex();
        index.parse(body, 0, body.length);
        return SdpRewriter.plan(index, RELAY, IceCandidate.NONE);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
