package io.mediaproxy.protocol.backchannel;

import org.jspecify.annotations.Nullable;

/** What a datagram turned out to be. */
sealed interface Request {
    /** Null: there is nothing that an answer could be matched to, and none is sent. */
    @Nullable RequestId id();

    /** {@code dlg_end_dlg}: end this dialog. */
    record EndDialog(@Nullable RequestId id, String dialogId) implements Request {}

    /**
     * Anything else.
     *
     * @param detail for the log: what exactly is wrong, printable
     */
    record Faulty(@Nullable RequestId id, RpcError error, String detail) implements Request {}
}
