package io.mediaproxy.protocol;

/** A command to the dispatcher; its counterpart is {@link DispatcherReply}. All commands are immutable. Thread-safe. */
public sealed interface DispatcherCommand permits UpdateCommand, RemoveCommand {
    /** Longest Call-ID, in UTF-8 bytes: those of session border controllers pass 200. */
    int MAX_CALL_ID_BYTES = 512;

    /** Longest From or To tag, in UTF-8 bytes: one that carries the state of a B2BUA passes 100. */
    int MAX_TAG_BYTES = 256;

    /**
     * Returns the Call-ID, which identifies the session at the relay.
     *
     * @return not empty, at most {@value #MAX_CALL_ID_BYTES} bytes in UTF-8
     */
    String callId();

    /**
     * Returns the first line of the command on the wire.
     *
     * @return {@code update} or {@code remove}
     */
    String name();

    /**
     * Returns whether the protocol allows this reply to this command. {@link DispatcherReply.Error} is always allowed.
     *
     * @param reply the dispatcher's reply
     * @return false if a dispatcher that sends this reply breaks the protocol
     */
    boolean allows(DispatcherReply reply);
}
