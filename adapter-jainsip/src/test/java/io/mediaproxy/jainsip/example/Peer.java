package io.mediaproxy.jainsip.example;

import javax.sip.Dialog;
import javax.sip.SipException;
import org.jspecify.annotations.Nullable;

/**
 * What a B2BUA's dialog knows of the other one of its call.
 *
 * @param inviteSequence the CSeq of the other one's INVITE that waits for its ACK
 */
record Peer(Dialog dialog, long inviteSequence) {

    static void link(Dialog asked, Dialog answered, long inviteSequence) {
        asked.setApplicationData(new Peer(answered, inviteSequence));
        answered.setApplicationData(new Peer(asked, 0));
    }

    /** @throws SipException if there is no call */
    static Peer of(@Nullable Dialog dialog) throws SipException {
        if (dialog != null && dialog.getApplicationData() instanceof Peer peer) {
            return peer;
        }
        throw new SipException("no call, or one that is over");
    }

    /** Says that the call is over. */
    static void unlink(Dialog one, Dialog other) {
        one.setApplicationData(null);
        other.setApplicationData(null);
    }
}
