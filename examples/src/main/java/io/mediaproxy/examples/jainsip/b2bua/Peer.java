package io.mediaproxy.examples.jainsip.b2bua;

import javax.sip.Dialog;
import javax.sip.SipException;
import org.jspecify.annotations.Nullable;

/**
 * The other dialog of a call, attached to each of the two.
 *
 * @param inviteSequence the CSeq of the other dialog's INVITE that waits for its ACK
 * @param caller the one of the two in which the call began
 */
record Peer(Dialog dialog, long inviteSequence, Dialog caller) {

    static void link(Dialog asked, Dialog answered, long inviteSequence, Dialog caller) {
        asked.setApplicationData(new Peer(answered, inviteSequence, caller));
        answered.setApplicationData(new Peer(asked, 0, caller));
    }

    /**
     * Returns the peer of a dialog.
     *
     * @throws SipException if there is no call, or it has ended
     */
    static Peer of(@Nullable Dialog dialog) throws SipException {
        if (dialog != null && dialog.getApplicationData() instanceof Peer peer) {
            return peer;
        }
        throw new SipException("no call, or it has ended");
    }

    /** Marks the call as ended. */
    static void unlink(Dialog one, Dialog other) {
        one.setApplicationData(null);
        other.setApplicationData(null);
    }
}
