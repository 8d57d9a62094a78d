package io.mediaproxy.cli.pcap;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The totals of the JSON output. */
record Totals(
        long packets,
        long fragments,
        long notUdp,
        long notSip,
        long sipMessages,
        long messagesOutsideCalls,
        long calls,
        long callsGivenUp,
        long messagesRewritten,
        long messagesFailed,
        List<CaptureTotals.Skipped> skipped,
        CaptureTotals.@Nullable Damage damage) {}
