package io.mediaproxy.session;

import io.mediaproxy.protocol.MediaProxyException;
import io.mediaproxy.sdp.RelayEndpoints;
import io.mediaproxy.sdp.SdpEdits;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What became of one message. Immutable, but for the arrays and edits in it, which belong to the caller. */
public final class MediaProxyResult {
    private final Outcome outcome;
    private final String reason;
    private final byte @Nullable [] body;
    private final @Nullable SdpEdits edits;
    private final @Nullable RelayEndpoints relay;
    private final List<Integer> unrelayedStreams;
    private final @Nullable RuntimeException failure;

    private MediaProxyResult(
            Outcome outcome,
            String reason,
            byte @Nullable [] body,
            @Nullable SdpEdits edits,
            @Nullable RelayEndpoints relay,
            List<Integer> unrelayedStreams,
            @Nullable RuntimeException failure) {
        this.outcome = outcome;
        this.reason = reason;
        this.body = body;
        this.edits = edits;
        this.relay = relay;
        this.unrelayedStreams = unrelayedStreams;
        this.failure = failure;
    }

    static MediaProxyResult of(Outcome outcome, String reason) {
        return new MediaProxyResult(outcome, reason, null, null, null, List.of(), null);
    }

    static MediaProxyResult answered() {
        return of(Outcome.UNCHANGED, "the dispatcher knows that the call was answered");
    }

    static MediaProxyResult repeated() {
        return of(Outcome.UNCHANGED, "the dispatcher knows this message already");
    }

    static MediaProxyResult noSdp() {
        return of(Outcome.NO_SDP, "the message has no SDP");
    }

    static MediaProxyResult failed(String reason) {
        return of(Outcome.FAILED, reason);
    }

    /** For an adapter whose stack does not take the new body: -1, and the message stays as it was. */
    public static MediaProxyResult failed(RuntimeException failure) {
        String message = failure.getMessage();
        return new MediaProxyResult(
                Outcome.FAILED, message == null ? failure.toString() : message, null, null, null, List.of(), failure);
    }

    static MediaProxyResult planned(SdpEdits edits, RelayEndpoints relay, List<Integer> unrelayedStreams) {
        String reason = unrelayedStreams.isEmpty()
                ? "relay " + relay
                : "relay " + relay + " has no port for the streams " + unrelayedStreams + ", which are not relayed";
        return edits.isEmpty()
                ? new MediaProxyResult(Outcome.UNCHANGED, reason, null, edits, relay, unrelayedStreams, null)
                : new MediaProxyResult(
                        Outcome.REWRITTEN, reason, edits.toByteArray(), edits, relay, unrelayedStreams, null);
    }

    MediaProxyResult withOutcome(Outcome other) {
        return withOutcome(other, reason);
    }

    MediaProxyResult withOutcome(Outcome other, String otherReason) {
        return new MediaProxyResult(other, otherReason, body, edits, relay, unrelayedStreams, failure);
    }

    /** What came of it. */
    public Outcome outcome() {
        return outcome;
    }

    /** +1, -1 or -2, as documented for {@code use_media_proxy} and {@code end_media_session}. */
    public int returnCode() {
        return outcome.returnCode();
    }

    /** The whole new body; empty: the body stays as it is. The array is the caller's. */
    public Optional<byte[]> body() {
        return Optional.ofNullable(body);
    }

    /** What was planned, for explaining and for gathering writes; empty where there was no relay to plan with. */
    public Optional<SdpEdits> edits() {
        return Optional.ofNullable(edits);
    }

    /** The relay's address and ports; empty where there is none. */
    public Optional<RelayEndpoints> relay() {
        return Optional.ofNullable(relay);
    }

    /**
     * The streams of an answer that the relay gave no port for, because the offer had fewer; numbered from 0 in the order of
     * their {@code m=} lines. They keep their ports and are not relayed.
     */
    public List<Integer> unrelayedStreams() {
        return unrelayedStreams;
    }

    /** Why, in words for a log. */
    public String reason() {
        return reason;
    }

    /**
     * What went wrong: a {@link MediaProxyException} of the dispatcher or its client, an
     * {@link io.mediaproxy.sdp.SdpSyntaxException}, or what the message's view or its stack threw; empty where nothing did, or where {@link #reason()} says it all.
     */
    public Optional<RuntimeException> failure() {
        return Optional.ofNullable(failure);
    }

    /** The return code and the reason. */
    @Override
    public String toString() {
        return outcome + " (" + returnCode() + "): " + reason;
    }
}
