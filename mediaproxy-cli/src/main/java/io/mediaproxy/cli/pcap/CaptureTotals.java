package io.mediaproxy.cli.pcap;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Counts of a capture; {@code --json} writes them with these names in snake_case.
 *
 * @param packets including those that could not be read
 * @param fragments of datagrams
 * @param notUdp packets of other protocols
 * @param notSip datagrams with something else
 * @param messagesOutsideCalls SIP messages of no call that begins in the capture, such as REGISTER
 * @param callsGivenUp that have no end, or were too many
 * @param messagesRewritten that have the relay in their SDP now
 * @param messagesFailed that needed a relay and got none
 * @param skipped packets that could not be read, or messages that could not be written
 * @param damage null if the file is whole
 */
public record CaptureTotals(
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
        List<Skipped> skipped,
        @Nullable Damage damage) {

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
}
