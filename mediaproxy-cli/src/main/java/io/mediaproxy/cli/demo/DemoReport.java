package io.mediaproxy.cli.demo;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The report of a demo, as plain data: printed by {@link ReportPrinter}, or written as JSON with these names.
 *
 * @param builtIn whether dispatcher and relay were in this JVM
 * @param call the result at the phones
 * @param sdp the change of each session description
 * @param relay the relay's statistics of the session; null if it had none, or is in another process
 * @param sessionRemoved whether the dispatcher confirmed the removal of the session
 */
record DemoReport(
        boolean builtIn,
        CallOutcome call,
        List<SdpChange> sdp,
        @Nullable RelaySession relay,
        boolean sessionRemoved) {
    DemoReport {
        sdp = List.copyOf(sdp);
    }

    /** The problems, each in one line, without their consequences; empty if the demo worked. */
    @JsonProperty("problems")
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (!call.answered()) {
            problems.add("the call was not answered: " + call.ended());
            return problems;
        }
        for (SdpChange change : sdp) {
            if (!change.relayed()) {
                problems.add("the " + change.message() + " was forwarded without the relay: " + change.result());
                return problems;
            }
        }
        if (call.callee().heardPackets() == 0) {
            problems.add("no audio from caller to callee" + sentAnyway(call.caller(), call.callee()));
        }
        if (call.caller().heardPackets() == 0) {
            problems.add("no audio from callee to caller" + sentAnyway(call.callee(), call.caller()));
        }
        if (!sessionRemoved) {
            problems.add("the dispatcher did not confirm that the session is removed");
        }
        return problems;
    }

    private static String sentAnyway(AudioStatistics from, AudioStatistics to) {
        return " (" + from.sentPackets() + " packets sent, none heard, " + to.foreignPackets() + " foreign)";
    }

    /** Whether audio passed both ways and the session was removed. */
    @JsonProperty("worked")
    boolean worked() {
        return problems().isEmpty();
    }
}
