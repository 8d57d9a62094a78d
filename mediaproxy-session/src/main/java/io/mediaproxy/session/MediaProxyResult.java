package io.mediaproxy.session;

import io.mediaproxy.protocol.MediaProxyException;
import io.mediaproxy.sdp.RelayEndpoints;
import io.mediaproxy.sdp.SdpEdits;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Result of one call to {@link MediaProxy} for one message. Immutable except for the arrays and edits in it, which
 * belong to the caller. Thread-safe.
 */
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

    static MediaProxyResult repeatedFailure() {
        return failed("the first copy of this message went on without a relay");
    }

    static MediaProxyResult noSdp() {
        return of(Outcome.NO_SDP, "the message has no SDP");
    }

    static MediaProxyResult failed(String reason) {
        return of(Outcome.FAILED, reason);
    }

    /**
     * Makes the result for an adapter whose stack does not accept the new body.
     *
     * @param failure the stack's exception
     * @return {@link Outcome#FAILED}: the message stays as it was
     */
    public static MediaProxyResult failed(RuntimeException failure) {
        String message = failure.getMessage();
        return failed(message == null ? failure.toString() : message, failure);
    }

    static MediaProxyResult failed(String reason, RuntimeException failure) {
        return new MediaProxyResult(Outcome.FAILED, reason, null, null, null, List.of(), failure);
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

    /**
     * Returns the outcome.
     *
     * @return decides the {@link #returnCode()}
     */
    public Outcome outcome() {
        return outcome;
    }

    /**
     * Returns the return code of the module's function.
     *
     * @return +1, -1 or -2, as documented for {@code use_media_proxy} and {@code end_media_session}
     */
    public int returnCode() {
        return outcome.returnCode();
    }

    /**
     * Returns the complete new body.
     *
     * @return empty if the body stays as it is. The array belongs to the caller
     */
    public Optional<byte[]> body() {
        return Optional.ofNullable(body);
    }

    /**
     * Returns the planned edits, to explain them or for gathering writes.
     *
     * @return empty if the dispatcher returned no relay
     */
    public Optional<SdpEdits> edits() {
        return Optional.ofNullable(edits);
    }

    /**
     * Returns the relay's address and ports.
     *
     * @return empty if the dispatcher returned no relay
     */
    public Optional<RelayEndpoints> relay() {
        return Optional.ofNullable(relay);
    }

    /**
     * Returns the streams of an answer for which the relay has no port, because the offer had fewer. They keep their
     * ports and are not relayed.
     *
     * @return numbers from 0, in the order of the {@code m=} lines
     */
    public List<Integer> unrelayedStreams() {
        return unrelayedStreams;
    }

    /**
     * Returns the reason for the outcome.
     *
     * @return text for a log
     */
    public String reason() {
        return reason;
    }

    /**
     * Returns the exception that caused the outcome.
     *
     * @return a {@link MediaProxyException} of the dispatcher or its client, an
     *     {@link io.mediaproxy.sdp.SdpSyntaxException}, or an exception of the message's view or its stack; empty if
     *     there was none, and {@link #reason()} is complete
     */
    public Optional<RuntimeException> failure() {
        return Optional.ofNullable(failure);
    }

    /** Returns the outcome, the return code and the reason. */
    @Override
    public String toString() {
        return outcome + " (" + returnCode() + "): " + reason;
    }
}
