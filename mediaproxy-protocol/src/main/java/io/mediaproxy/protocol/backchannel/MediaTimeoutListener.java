package io.mediaproxy.protocol.backchannel;

import java.util.Optional;

/**
 * Receives the dialogs whose media stopped.
 *
 * <p>The work has two parts, because the dispatcher waits 3 s for an answer and a BYE can take 32 s: the listener looks
 * the dialog up at once, and returns the code that ends it, which runs later and may block.
 */
@FunctionalInterface
public interface MediaTimeoutListener {
    /**
     * Looks a dialog up. Called on the thread that answers, for one request at a time, so that it must not block. Not
     * called again for a dialog that was found, as long as the {@link BackChannel} remembers it.
     *
     * @param dialogId the {@code dialog_id} of the update that created the session, or any text that a sender invented
     * @return code that ends the dialog. It runs once, later, on a thread where it may block; other dialogs wait until
     *     it returns. Empty if there is no such dialog, or no longer, which is usual
     */
    Optional<Runnable> onMediaTimeout(String dialogId);
}
