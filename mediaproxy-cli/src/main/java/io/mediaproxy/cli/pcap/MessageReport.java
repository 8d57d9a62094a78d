package io.mediaproxy.cli.pcap;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.mediaproxy.cli.pcap.TrialServer.Handled;
import io.mediaproxy.sdp.RelayEndpoints;
import io.mediaproxy.sdp.SdpEdits;
import io.mediaproxy.session.MediaProxyResult;
import io.mediaproxy.session.Outcome;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A message of a call and its result; {@code --json} writes it with these names in snake_case.
 *
 * @param packet its number in the capture, from 1; that of the last fragment if there are several
 * @param seconds since the first message of the call
 * @param message the method, or the status
 * @param sdp whether it has an offer or an answer
 * @param sameAs the packet with the same message, seen before; null if there is none
 * @param outcome null if MediaProxy did not get the message, for the {@code reason} given
 * @param relay address and ports; null if there is none
 * @param commands sent to the dispatcher
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

    static MessageReport of(CapturedMessage message, double seconds, @Nullable Long sameAs, Handled handled) {
        Optional<MediaProxyResult> result = Optional.ofNullable(handled.result());
        return new MessageReport(
                message.packet(),
                time(message.nanos()),
                seconds,
                message.source().toString(),
                message.destination().toString(),
                message.label(),
                message.hasSdp(),
                sameAs,
                result.map(MediaProxyResult::outcome).orElse(null),
                handled.reason(),
                result.flatMap(MediaProxyResult::relay)
                        .map(RelayEndpoints::toString)
                        .orElse(null),
                handled.commands(),
                result.flatMap(MediaProxyResult::edits).map(SdpEdits::explain).orElse(List.of()),
                result.map(MediaProxyResult::unrelayedStreams).orElse(List.of()));
    }

    static String time(long nanos) {
        return Instant.EPOCH.plusNanos(nanos).toString();
    }

    /** About how many characters it holds. */
    @JsonIgnore
    int weight() {
        int texts = from.length() + to.length() + message.length() + reason.length() + time.length();
        return texts
                + commands.stream().mapToInt(String::length).sum()
                + edits.stream()
                        .mapToInt(edit -> edit.before().length()
                                + edit.after().length()
                                + edit.why().length())
                        .sum();
    }
}
