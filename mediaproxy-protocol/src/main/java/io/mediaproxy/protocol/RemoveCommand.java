package io.mediaproxy.protocol;

/**
 * Tells the dispatcher that a call is over: {@code end_media_session}.
 *
 * <p>The values pass the same checks and the same mapping as those of {@link UpdateCommand}, so that both name the same session.
 *
 * @param callId at most 512 bytes, not empty
 * @param fromTag at most 256 bytes, not empty
 * @param toTag at most 256 bytes; may be empty, but the session of a call that the callee ends is only found with both tags
 */
public record RemoveCommand(String callId, String fromTag, String toTag) {
    /**
     * Checks and cleans all values.
     *
     * @throws CommandRefusedException if a value has a CR, LF or NUL, is too long, or is empty where it must not be
     */
    public RemoveCommand {
        callId = HeaderValue.mandatory("call_id", callId, UpdateCommand.MAX_CALL_ID_BYTES);
        fromTag = HeaderValue.mandatory("from_tag", fromTag, UpdateCommand.MAX_TAG_BYTES);
        toTag = HeaderValue.identifying("to_tag", toTag, UpdateCommand.MAX_TAG_BYTES);
    }
}
