package io.mediaproxy.protocol.backchannel;

import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the listener for dialogs and hands over what ends them, once for each. For one thread. */
final class DialogEnding {
    /** So many dialogs are remembered after they were handed over, the latest. */
    static final int REMEMBERED = 4096;

    private static final Logger LOG = LoggerFactory.getLogger(DialogEnding.class);

    private final MediaTimeoutListener listener;
    private final Executor dialogs;
    private final Set<String> handedOver = new LinkedHashSet<>();

    DialogEnding(MediaTimeoutListener listener, Executor dialogs) {
        this.listener = listener;
        this.dialogs = dialogs;
    }

    /**
     * Takes a dialog id from outside.
     *
     * @return null: the dialog is known and being ended, by now or since an earlier request
     */
    @Nullable RpcError end(String dialogId) {
        String shown = Json.quoted(dialogId);
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
            LOG.debug("media stopped of dialog {}, which is unknown", shown);
            return RpcError.UNKNOWN_DIALOG;
        }
        Runnable work = ending.get();
        try {
            dialogs.execute(() -> run(work, shown));
        } catch (RejectedExecutionException e) {
            LOG.warn("media stopped of dialog {}, but too many others are waiting for their end", shown);
            return RpcError.TOO_BUSY;
        }
        LOG.info("media stopped of dialog {}", shown);
        remember(dialogId);
        return null;
    }

    private void remember(String dialogId) {
        handedOver.add(dialogId);
        if (handedOver.size() > REMEMBERED) {
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
