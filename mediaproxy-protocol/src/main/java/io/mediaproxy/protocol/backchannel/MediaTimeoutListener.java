package io.mediaproxy.protocol.backchannel;

import java.util.Optional;

/**
 * Is told that the media of a call stopped.
 *
 * <p>The two halves of the work are kept apart, because the dispatcher waits 3 s for an answer and a BYE can take 32: which dialog
 * it is, is looked up at once; what ends it, runs later and may block.
 */
@FunctionalInterface
public interface MediaTimeoutListener {
    /**
     * Looks a dialog up. Called on the thread that answers, for one request at a time, and never again for a dialog that it
     * knew, as long as the {@link BackChannel} remembers that: a map lookup is right here, waiting is not.
     *
     * @param dialogId the {@code dialog_id} of the update that created the session, or whatever else a sender made up
     * @return what ends the dialog: run once, later, on a thread where it may block and where other dialogs wait behind it;
     *     empty if there is no such dialog (any more), which is usual
     */
    Optional<Runnable> onMediaTimeout(String dialogId);
}
