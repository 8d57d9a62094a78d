package io.mediaproxy.cli.pcap;

import io.mediaproxy.cli.text.EditTable;
import io.mediaproxy.cli.text.Printable;
import io.mediaproxy.session.Outcome;
import java.io.PrintWriter;
import java.util.List;

/** Shows the calls of a capture as text. Control characters of a message do not reach the terminal. */
final class TextOutput implements ReplayOutput {
    private static final int MAX_WIDTH = 120;

    private final PrintWriter out;
    private final boolean wholeCommands;

    /** @param wholeCommands whether to print more than a summary of each command */
    TextOutput(PrintWriter out, boolean wholeCommands) {
        this.out = out;
        this.wholeCommands = wholeCommands;
    }

    @Override
    public void call(CallReport call) {
        String title = "Call " + call.call() + ": " + shown(call.callId());
        out.println(title);
        out.println("-".repeat(title.length()));
        out.println("  from   " + shown(call.from()));
        out.println("  to     " + shown(call.to()));
        out.println("  began  " + call.began() + ", " + call.seconds() + " s, " + shown(call.end()));
        out.println();
        CallLadder.draw(call.messages()).forEach(line -> out.println(("  " + line).stripTrailing()));
        if (call.messagesOmitted() > 0) {
            out.println("  (and " + call.messagesOmitted() + " more messages, followed but not shown)");
        }
        call.messages().forEach(this::message);
        if (!call.commandsAtEnd().isEmpty()) {
            out.println();
            out.println("  when it was given up");
            call.commandsAtEnd().forEach(this::command);
        }
        out.println();
        out.flush();
    }

    private void message(MessageReport message) {
        boolean failed = message.outcome() == Outcome.FAILED;
        if (!message.sdp() && message.commands().isEmpty() && !failed) {
            return;
        }
        out.println();
        String title = "  packet " + message.packet() + ", " + shown(message.message()) + ": ";
        if (message.sameAs() != null
                && message.outcome() != null
                && message.commands().isEmpty()) {
            out.println(title + "as packet " + message.sameAs());
            return;
        }
        boolean unchanged = message.edits().isEmpty() && message.commands().isEmpty();
        out.println(title + (unchanged ? "unchanged: " : "") + shown(message.reason()));
        message.commands().forEach(this::command);
        EditTable.draw(message.edits()).forEach(line -> out.println("    " + line));
    }

    private void command(String command) {
        List<String> lines = command.lines()
                .filter(line -> !line.isEmpty())
                .map(TextOutput::shown)
                .toList();
        if (wholeCommands) {
            out.println("    sent to the dispatcher:");
            lines.forEach(line -> out.println("      " + line));
        } else {
            out.println("    sent to the dispatcher: " + String.join(", ", summary(lines)));
        }
    }

    /** The name of the command, and its fields about media. */
    private static List<String> summary(List<String> lines) {
        return lines.stream()
                .filter(line -> line.equals(lines.get(0))
                        || line.startsWith("type: ")
                        || line.startsWith("cseq: ")
                        || line.startsWith("media: "))
                .toList();
    }

    @Override
    public void totals(CaptureTotals totals) {
        out.println("Totals");
        out.println("------");
        out.println("  packets        " + totals.packets + ": " + totals.notUdp + " not UDP, " + totals.notSip
                + " UDP without SIP, " + totals.fragments + " fragments");
        out.println("  SIP messages   " + totals.sipMessages + ": " + totals.messagesRewritten + " rewritten, "
                + totals.messagesFailed + " failed, " + totals.messagesOutsideCalls
                + " of no call that begins in the capture");
        out.println("  calls          " + totals.calls + ": " + totals.callsGivenUp + " given up");
        out.println("  skipped        "
                + totals.skipped.stream()
                        .mapToLong(CaptureTotals.Skipped::count)
                        .sum());
        for (CaptureTotals.Skipped reason : totals.skipped) {
            out.println(
                    "    " + reason.count() + "x " + shown(reason.why()) + ", first in packet " + reason.firstPacket());
        }
        totals.damage()
                .ifPresent(damage -> out.println("  damaged        at byte " + damage.offset() + ": " + damage.what()));
        out.flush();
    }

    private static String shown(String text) {
        return Printable.of(text, MAX_WIDTH);
    }
}
