package io.mediaproxy.cli.pcap;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Counts of a capture; {@code --json} writes the fields with these names in snake_case. Not thread-safe. */
@JsonAutoDetect(fieldVisibility = Visibility.ANY)
public final class CaptureTotals {
    /** Including those that could not be read. */
    long packets;
    /** Packets with a part of a datagram. */
    long fragments;
    /** Packets of other protocols. */
    long notUdp;
    /** Datagrams with something else. */
    long notSip;

    long sipMessages;
    /** SIP messages of no call that begins in the capture, such as REGISTER. */
    long messagesOutsideCalls;

    long calls;
    /** Calls that have no end, or were too many. */
    long callsGivenUp;
    /** Messages that have the relay in their SDP now. */
    long messagesRewritten;
    /** Messages that needed a relay and got none. */
    long messagesFailed;
    /** Packets that could not be read, and messages that could not be written, by reason. */
    final List<Skipped> skipped = new ArrayList<>();
    /** Null if the file is whole. */
    @Nullable Damage damage;

    /**
     * A reason for skipping packets.
     *
     * @param count of those packets
     * @param firstPacket number of the first one
     */
    public record Skipped(String why, long count, long firstPacket) {}

    /**
     * The place in a file after which it cannot be read.
     *
     * @param offset of the first damaged byte
     */
    public record Damage(long offset, String what) {}

    CaptureTotals() {}

    /**
     * Counts the current packet as skipped.
     *
     * @param why one of a few texts, never one that comes from a file
     */
    void skip(String why) {
        for (Skipped reason : skipped) {
            if (reason.why().equals(why)) {
                skipped.set(skipped.indexOf(reason), new Skipped(why, reason.count() + 1, reason.firstPacket()));
                return;
            }
        }
        skipped.add(new Skipped(why, 1, packets));
    }

    /** Where the file is damaged; empty if it is whole. */
    public Optional<Damage> damage() {
        return Optional.ofNullable(damage);
    }
}
