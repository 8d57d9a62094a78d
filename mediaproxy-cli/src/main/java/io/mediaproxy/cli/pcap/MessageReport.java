package io.mediaproxy.cli.pcap;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.mediaproxy.sdp.SdpEdits;
import io.mediaproxy.session.Outcome;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message of a call, and what came of it; {@code --json} writes it with these names in snake_case.
 *
 * @param packet its number in the capture, from 1 on; of one in fragments that of the last
 * @param seconds since the first message of the call
 * @param message the method, or the status
 * @param sdp whether it has an offer or an answer
 * @param sameAs the packet in which the same message was seen before; null: in none
 * @param outcome null: nobody was asked, {@link #reason()} says why
 * @param relay address and ports; null: there is none
 * @param commands what the dispatcher was told
 */
record MessageReport(
        long packet,
        String time,
        double seconds,
        String from,
        String to,
        String message,
        boolean sdp,
        @Nullable Long sameAs,
        @Nullable Outcome outcome,
        String reason,
        @Nullable String relay,
        List<String> commands,
        List<SdpEdits.Explanation> edits,
        List<Integer> unrelayedStreams) {

    static String time(long nanos) {
        return Instant.EPOCH.plusNanos(nanos).toString();
    }

    /** About how many characters it holds. */
    @JsonIgnore
    int weight() {
        int weight = from.length() + to.length() + message.length() + reason.length() + time.length();
        for (String command : commands) {
            weight += command.length();
        }
        for (SdpEdits.Explanation edit : edits) {
            weight +=
                    edit.before().length() + edit.after().length() + edit.why().length();
        }
        return weight;
    }
}
