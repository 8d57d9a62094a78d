package io.mediaproxy.protocol.backchannel;

import org.jspecify.annotations.Nullable;

/** A datagram after parsing. */
sealed interface Request {
    /** Returns the id for the answer; null if there is none, then no answer is sent. */
    @Nullable RequestId id();

    /** {@code dlg_end_dlg}: end this dialog. */
    record EndDialog(@Nullable RequestId id, String dialogId) implements Request {}

    /**
     * A datagram that is not such a request.
     *
     * @param detail the exact error for the log, printable
     */
    record Faulty(@Nullable RequestId id, RpcError error, String detail) implements Request {}
}
