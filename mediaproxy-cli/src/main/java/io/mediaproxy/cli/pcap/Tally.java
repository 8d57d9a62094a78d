package io.mediaproxy.cli.pcap;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts for {@link CaptureTotals}, by the same names. Not thread-safe. */
final class Tally {
    long packets;
    long fragments;
    long notUdp;
    long notSip;
    long sipMessages;
    long messagesOutsideCalls;
    long calls;
    long callsGivenUp;
    long messagesRewritten;
    long messagesFailed;
    CaptureTotals.@Nullable Damage damage;

    private final Map<String, CaptureTotals.Skipped> skipped = new LinkedHashMap<>();

    /** Counts a packet that is skipped. @param why one of a few texts, never one that comes from a file */
    void skip(String why) {
        skipped.merge(
                why,
                new CaptureTotals.Skipped(why, 1, packets),
                (before, one) -> new CaptureTotals.Skipped(why, before.count() + 1, before.firstPacket()));
    }

    CaptureTotals totals() {
        return new CaptureTotals(
                packets,
                fragments,
                notUdp,
                notSip,
                sipMessages,
                messagesOutsideCalls,
                calls,
                callsGivenUp,
                messagesRewritten,
                messagesFailed,
                List.copyOf(skipped.values()),
                damage);
    }
}
