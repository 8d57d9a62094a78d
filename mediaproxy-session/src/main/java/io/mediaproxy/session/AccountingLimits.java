package io.mediaproxy.session;

import io.mediaproxy.protocol.UpdateCommand;
import io.mediaproxy.protocol.log.Log;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Warns once of names that do not fit the columns of the dispatcher's accounting: the dispatcher loses the record of
 * such a call. Thread-safe.
 */
final class AccountingLimits {
    /** Characters. */
    static final int MAX_CALL_ID = 255;

    /** Characters. */
    static final int MAX_TAG = 64;

    private static final Log LOG = Log.of(AccountingLimits.class);

    private final AtomicBoolean warned = new AtomicBoolean();

    /** Checks the names of a session. Returns whether this call has warned. */
    boolean check(UpdateCommand command) {
        boolean fits = command.callId().length() <= MAX_CALL_ID
                && command.fromTag().length() <= MAX_TAG
                && command.toTag().length() <= MAX_TAG;
        if (fits || !warned.compareAndSet(false, true)) {
            return false;
        }
        LOG.warn(
                "a call has a Call-ID of {} characters and tags of {} and {}: the dispatcher's accounting "
                        + "loses the record of"
                        + " calls with more than {}, or with a tag of more than {}; this is logged once",
                command.callId().length(),
                command.fromTag().length(),
                command.toTag().length(),
                MAX_CALL_ID,
                MAX_TAG);
        return true;
    }
}
