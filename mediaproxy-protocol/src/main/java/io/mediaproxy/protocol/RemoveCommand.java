package io.mediaproxy.protocol;

/**
 * Asks the dispatcher to remove the session of a call that is over: {@code end_media_session}. Thread-safe.
 *
 * <p>The values pass the same checks and the same mapping as those of {@link UpdateCommand}, so that both name the same
 * session.
 *
 * @param callId at most {@value DispatcherCommand#MAX_CALL_ID_BYTES} bytes, not empty
 * @param fromTag at most {@value DispatcherCommand#MAX_TAG_BYTES} bytes, not empty
 * @param toTag at most {@value DispatcherCommand#MAX_TAG_BYTES} bytes; may be empty, but the dispatcher needs both tags
 *     to find the session when the callee ends the call
 */
public record RemoveCommand(String callId, String fromTag, String toTag) implements DispatcherCommand {
    /**
     * Checks and cleans all values.
     *
     * @throws CommandRefusedException if a value has a CR, LF or NUL, is too long, or is empty where it must not be
     */
    public RemoveCommand {
        callId = HeaderValue.mandatory("call_id", callId, MAX_CALL_ID_BYTES);
        fromTag = HeaderValue.mandatory("from_tag", fromTag, MAX_TAG_BYTES);
        toTag = HeaderValue.identifying("to_tag", toTag, MAX_TAG_BYTES);
    }

    @Override
    public String name() {
        return "remove";
    }

    @Override
    public boolean allows(DispatcherReply reply) {
        return reply instanceof DispatcherReply.Removed || reply instanceof DispatcherReply.Error;
    }
}
