package io.mediaproxy.cli.demo;

import io.mediaproxy.cli.text.EditTable;
import io.mediaproxy.cli.text.Json;
import java.io.PrintWriter;

/** Prints a {@link DemoReport} for people or for programs. Not thread-safe. */
final class ReportPrinter {
    private final PrintWriter out;

    ReportPrinter(PrintWriter out) {
        this.out = out;
    }

    /** Prints the ladder, the SDP before and after, the audio, the relay's statistics and the verdict. */
    void print(DemoReport report) {
        heading("The call, as the phones saw it");
        Ladder.draw(report.call().messages()).forEach(out::println);
        for (SdpChange change : report.sdp()) {
            print(change);
        }
        heading("Audio heard by the phones (PCMU, one packet every 20 ms)");
        direction("caller -> callee", report.call().caller(), report.call().callee());
        direction("callee -> caller", report.call().callee(), report.call().caller());
        if (report.relay() != null) {
            print(report.relay());
        } else if (!report.builtIn()) {
            heading("The session at the relay");
            out.println("  not available: a dispatcher does not send the statistics of a session to its clients");
        }
        out.println();
        if (report.worked()) {
            out.println("It works: audio passed both ways through the relay, "
                    + (report.relay() != null && report.relay().timedOut()
                            ? "its timer ended the call when the phones fell silent, "
                            : "")
                    + "and the session was removed.");
        } else {
            report.problems().forEach(problem -> out.println("It does not work: " + problem + "."));
        }
        out.flush();
    }

    /** Prints one JSON object: the record's names in snake_case, including {@code worked} and {@code problems}. */
    void printJson(DemoReport report) {
        out.println(Json.write(report));
        out.flush();
    }

    private void print(SdpChange change) {
        heading("SDP of the " + change.message() + ": " + change.result());
        sdp("received", change.before());
        if (!change.after().equals(change.before())) {
            sdp("forwarded", change.after());
        }
        EditTable.draw(change.edits()).forEach(line -> out.println("  " + line));
    }

    private void sdp(String title, String body) {
        out.println("  " + title + ":");
        body.lines().forEach(line -> out.println("    " + line));
    }

    private void direction(String name, AudioStatistics from, AudioStatistics to) {
        long early = to.heardPackets() == 0 ? 0 : from.sentPackets() - to.heardPackets() - to.lostPackets();
        out.println("  " + name + ": sent " + from.sentPackets() + " packets, " + from.sentBytes() + " bytes; heard "
                + to.heardPackets() + " packets, " + to.heardBytes() + " bytes; lost " + to.lostPackets()
                + ", foreign " + to.foreignPackets()
                + (early > 0 ? "; " + early + " sent before the relay knew the other phone's address" : ""));
    }

    private void print(RelaySession session) {
        heading("The session at the relay: " + session.callId() + ", " + session.duration() + " s");
        for (RelaySession.Stream stream : session.streams()) {
            out.println("  " + stream.mediaType() + ", " + stream.status());
            side("caller", stream.callerRemote(), stream.callerLocal(), stream.callerPackets(), stream.callerBytes());
            side("callee", stream.calleeRemote(), stream.calleeLocal(), stream.calleePackets(), stream.calleeBytes());
        }
    }

    private void side(String who, String remote, String local, long packets, long bytes) {
        out.println("    " + who + " " + remote + " at relay port " + local + ": " + packets + " packets, " + bytes
                + " bytes from there");
    }

    private void heading(String text) {
        out.println();
        out.println(text);
        out.println("-".repeat(text.length()));
    }
}
