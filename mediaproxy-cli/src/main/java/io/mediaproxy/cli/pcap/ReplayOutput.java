package io.mediaproxy.cli.pcap;

import java.io.IOException;

/** Shows a replayed capture. */
interface ReplayOutput {
    /** Shows a call that is over, or that the capture does not continue. */
    void call(CallReport call) throws IOException;

    /** Shows the totals, after all calls. */
    void totals(CaptureTotals totals) throws IOException;
}
