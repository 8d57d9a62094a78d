package io.mediaproxy.session;

import java.util.List;

/**
 * One party of a call, as its messages have shown it: what another element has to know to send it a request in their dialog
 * (RFC 3261 12).
 *
 * @param address the value of its From or To header field, tag included
 * @param contact the value of its Contact header field, the remote target; empty: it was not seen
 * @param recordRoutes the values of the Record-Route header fields, one by one, in the message in which this party entered the
 *     dialog, as that came in: the nearest server first for the caller, whose INVITE it was; the farthest first for the callee,
 *     whose 2xx it was, and there this server itself is among them
 * @param cseq the highest CSeq of this party's requests; 0: it sent none
 */
public record DialogParty(String address, String contact, List<String> recordRoutes, long cseq) {
    /** Copies the list. */
    public DialogParty {
        recordRoutes = List.copyOf(recordRoutes);
    }
}
