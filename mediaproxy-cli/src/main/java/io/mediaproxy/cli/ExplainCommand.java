package io.mediaproxy.cli;

import io.mediaproxy.cli.text.EditTable;
import io.mediaproxy.cli.text.Json;
import io.mediaproxy.sdp.RelayEndpoints;
import io.mediaproxy.sdp.SdpEdits;
import io.mediaproxy.session.MediaProxyResult;
import io.mediaproxy.session.Outcome;
import java.io.PrintWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code mediaproxy explain}: the edits that {@code rewrite} makes, each with its reason. */
@Command(
        name = "explain",
        header = "Explain what rewrite does to one SIP message.",
        description = {
            "",
            "Has the options of rewrite and prints the edits instead: the line of the SDP, its text before and after, "
                    + "and the reason; then the return code of use_media_proxy and the streams in the command to the "
                    + "dispatcher. Failures go to standard error.",
            ""
        })
final class ExplainCommand extends MessageCommand {
    /** The object that {@code --json} writes, with these names in snake_case. */
    private record Explanation(
            Outcome outcome,
            int returnCode,
            String reason,
            @Nullable String relay,
            @Nullable String command,
            @Nullable String media,
            List<SdpEdits.Explanation> edits,
            List<Integer> unrelayedStreams) {}

    @Option(
            names = "--show-command",
            description = "Print the whole command to the dispatcher, too; the JSON always contains it.")
    private boolean showCommand;

    @Option(names = "--json", description = "Print one JSON object, for programs.")
    private boolean json;

    ExplainCommand(Console console) {
        super(console);
    }

    @Override
    void show(Trial trial) {
        List<SdpEdits.Explanation> edits =
                trial.result().edits().map(SdpEdits::explain).orElse(List.of());
        if (json) {
            out().println(Json.write(explanation(trial, edits)));
        } else {
            print(trial, edits, out());
        }
        out().flush();
    }

    private static Explanation explanation(Trial trial, List<SdpEdits.Explanation> edits) {
        MediaProxyResult result = trial.result();
        return new Explanation(
                result.outcome(),
                result.returnCode(),
                result.reason(),
                result.relay().map(RelayEndpoints::toString).orElse(null),
                trial.sent(),
                trial.media().orElse(null),
                edits,
                result.unrelayedStreams());
    }

    private void print(Trial trial, List<SdpEdits.Explanation> edits, PrintWriter out) {
        EditTable.draw(edits).forEach(out::println);
        if (!edits.isEmpty()) {
            out.println();
        }
        if (trial.end() == Trial.End.WORKED) {
            out.println(trial.verdict());
        }
        out.println(
                trial.sent() == null
                        ? "no command to the dispatcher"
                        : "streams in the command to the dispatcher: "
                                + trial.media().orElse("none"));
        if (showCommand && trial.sent() != null) {
            out.println();
            trial.sent().lines().filter(line -> !line.isEmpty()).forEach(line -> out.println("  " + line));
        }
    }
}
