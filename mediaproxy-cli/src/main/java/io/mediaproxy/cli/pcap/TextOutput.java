package io.mediaproxy.cli.pcap;

import io.mediaproxy.cli.text.EditTable;
import io.mediaproxy.cli.text.Printable;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** The calls of a capture, for people. What comes from a message cannot harm the terminal. */
final class TextOutput implements ReplayOutput {
    private static final int WIDEST = 120;

    private final PrintWriter out;
    private final boolean wholeCommands;

    /** @param wholeCommands not only what they say in short */
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
            out.println("  (and " + call.messagesOmitted() + " more messages, which were followed and are not shown)");
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
        if (!message.sdp() && message.commands().isEmpty()) {
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
        out.println(title + (isLeftAlone(message) ? "left alone: " : "") + shown(message.reason()));
        message.commands().forEach(this::command);
        EditTable.draw(message.edits()).forEach(line -> out.println("    " + line));
    }

    private static boolean isLeftAlone(MessageReport message) {
        return message.edits().isEmpty() && message.commands().isEmpty();
    }

    private void command(String command) {
        List<String> lines = command.lines()
                .filter(line -> !line.isEmpty())
                .map(TextOutput::shown)
                .toList();
        if (wholeCommands) {
            out.println("    told the dispatcher:");
            lines.forEach(line -> out.println("      " + line));
        } else {
            out.println("    told the dispatcher: " + String.join(", ", inShort(lines)));
        }
    }

    /** What kind of command, and what it says of media. */
    private static List<String> inShort(List<String> lines) {
        List<String> words = new ArrayList<>();
        for (String line : lines) {
            boolean name = words.isEmpty();
            if (name || line.startsWith("type: ") || line.startsWith("cseq: ") || line.startsWith("media: ")) {
                words.add(line);
            }
        }
        return words;
    }

    @Override
    public void totals(CaptureTotals totals) {
        out.println("Totals");
        out.println("------");
        out.println("  packets        " + totals.packets() + ": " + totals.notUdp() + " not UDP, " + totals.notSip()
                + " UDP without SIP, " + totals.fragments() + " fragments");
        out.println("  SIP messages   " + totals.sipMessages() + ": " + totals.messagesRewritten() + " rewritten, "
                + totals.messagesFailed() + " failed, " + totals.messagesOutsideCalls()
                + " of no call that begins here");
        out.println("  calls          " + totals.calls() + ": " + totals.callsGivenUp() + " given up");
        long skipped = totals.skipped().stream()
                .mapToLong(CaptureTotals.Skipped::count)
                .sum();
        out.println("  skipped        " + skipped);
        for (CaptureTotals.Skipped reason : totals.skipped()) {
            out.println(
                    "    " + reason.count() + "x " + shown(reason.why()) + ", first in packet " + reason.firstPacket());
        }
        if (totals.damage() != null) {
            out.println("  damaged        at byte " + totals.damage().offset() + ": "
                    + totals.damage().what());
        }
        out.flush();
    }

    private static String shown(String text) {
        return Printable.of(text, WIDEST);
    }
}
