package io.mediaproxy.session;

import java.util.List;

/**
 * One party of a call, as its messages show it: the values that another element needs to send it a request in their
 * dialog (RFC 3261 12). Thread-safe.
 *
 * @param address the value of its From or To header field, tag included
 * @param contact the value of its Contact header field, the remote target; empty if it was not seen
 * @param recordRoutes the values of the Record-Route header fields, one by one, of the message with which this party
 *     entered the dialog, as it came in. For the caller this is the INVITE, with the nearest server first. For the
 *     callee it is the 2xx, with the farthest server first and this server among them
 * @param cseq the highest CSeq of this party's requests; 0 if it sent none
 */
public record DialogParty(String address, String contact, List<String> recordRoutes, long cseq) {
    /** Copies the list. */
    public DialogParty {
        recordRoutes = List.copyOf(recordRoutes);
    }
}
