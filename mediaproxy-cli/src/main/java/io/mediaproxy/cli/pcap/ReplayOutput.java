package io.mediaproxy.cli.pcap;

import java.io.IOException;

/** Shows a replayed capture. */
interface ReplayOutput {
    /** A call that is over, or that the capture does not follow any more. */
    void call(CallReport call) throws IOException;

    /** Last of all. */
    void totals(CaptureTotals totals) throws IOException;
}
