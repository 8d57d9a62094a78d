package io.mediaproxy.cli.pcap;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a capture held; {@code --json} writes it with these names in snake_case.
 *
 * @param packets that the file has, those that could not be read among them
 * @param fragments of datagrams
 * @param notUdp packets of other protocols
 * @param notSip datagrams with something else
 * @param messagesOutsideCalls SIP messages of no call whose beginning is in the capture, such as REGISTER
 * @param callsGivenUp that nobody ended, or that were too many
 * @param messagesRewritten how many had the relay put into their SDP
 * @param messagesFailed how many got no relay although they asked for it
 * @param skipped what could not be read, or not be written
 * @param damage null: the file is whole
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
     * Why something was passed over, and how often.
     *
     * @param firstPacket in which packet that was first so
     */
    public record Skipped(String why, long count, long firstPacket) {}

    /**
     * Where the file cannot be read on.
     *
     * @param offset of the first byte that is damaged
     */
    public record Damage(long offset, String what) {}
}
