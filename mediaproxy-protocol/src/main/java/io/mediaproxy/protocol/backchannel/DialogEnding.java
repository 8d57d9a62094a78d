package io.mediaproxy.protocol.backchannel;

import io.mediaproxy.protocol.log.Excerpt;
import io.mediaproxy.protocol.log.Log;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** Looks dialogs up at the listener, and has each one ended once. Not thread-safe. */
final class DialogEnding {
    /** Most dialogs that are remembered after they were found, the latest ones. */
    static final int MAX_REMEMBERED_DIALOGS = 4096;

    private static final Log LOG = Log.of(DialogEnding.class);

    private final MediaTimeoutListener listener;
    private final Executor dialogs;
    private final Set<String> handedOver = new LinkedHashSet<>();

    DialogEnding(MediaTimeoutListener listener, Executor dialogs) {
        this.listener = listener;
        this.dialogs = dialogs;
    }

    /**
     * Ends a dialog, unless an earlier request did so.
     *
     * @param dialogId from outside, unchecked
     * @return null if the dialog is known
     */
    @Nullable RpcError end(String dialogId) {
        String shown = Excerpt.of(dialogId);
        if (handedOver.contains(dialogId)) {
            LOG.debug("dialog {} is already being ended", shown);
            return null;
        }
        Optional<Runnable> ending;
        try {
            ending = Objects.requireNonNull(listener.onMediaTimeout(dialogId), "the listener returned null");
        } catch (RuntimeException | Error e) {
            LOG.error("looking up dialog {}, whose media stopped, failed", shown, e);
            return RpcError.INTERNAL_ERROR;
        }
        if (ending.isEmpty()) {
            LOG.debug("media of an unknown dialog stopped: {}", shown);
            return RpcError.UNKNOWN_DIALOG;
        }
        Runnable work = ending.get();
        try {
            dialogs.execute(() -> run(work, shown));
        } catch (RejectedExecutionException e) {
            LOG.warn("media of dialog {} stopped, but too many others wait for their end", shown);
            return RpcError.TOO_BUSY;
        } catch (RuntimeException | Error e) { // no memory, or no thread
            LOG.error("media of dialog {} stopped, but its end could not be queued", shown, e);
            return RpcError.INTERNAL_ERROR;
        }
        LOG.info("media of dialog {} stopped", shown);
        remember(dialogId);
        return null;
    }

    private void remember(String dialogId) {
        handedOver.add(dialogId);
        if (handedOver.size() > MAX_REMEMBERED_DIALOGS) {
            handedOver.remove(handedOver.iterator().next());
        }
    }

    private static void run(Runnable work, String shown) {
        try {
            work.run();
        } catch (RuntimeException | Error e) {
            LOG.error("ending dialog {}, whose media stopped, failed", shown, e);
        }
    }
}
