package io.mediaproxy.cli.pcap;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Counts what is skipped, by its reason. */
final class SkippedPackets {
    private record Count(long count, long firstPacket) {
        Count andOneMore() {
            return new Count(count + 1, firstPacket);
        }
    }

    private final Map<String, Count> byReason = new LinkedHashMap<>();

    /** @param why one of a few texts, never one that a file makes up */
    void add(String why, long packet) {
        byReason.merge(why, new Count(1, packet), (before, one) -> before.andOneMore());
    }

    List<CaptureTotals.Skipped> reasons() {
        return byReason.entrySet().stream()
                .map(entry -> new CaptureTotals.Skipped(
                        entry.getKey(),
                        entry.getValue().count(),
                        entry.getValue().firstPacket()))
                .toList();
    }
}
