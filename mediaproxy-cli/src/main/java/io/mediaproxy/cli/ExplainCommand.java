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
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code mediaproxy explain}: the edits that {@code rewrite} makes, each with its reason. */
@Command(
        name = "explain",
        header = "Explain what rewrite does to one SIP message.",
        description = {
            "",
            "Takes what rewrite takes and prints the edits instead: the line of the SDP, what stands there, what will, and "
                    + "why; then what use_media_proxy returns and which streams the dispatcher was told of.",
            ""
        },
        mixinStandardHelpOptions = true,
        versionProvider = ManifestVersion.class,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:use_media_proxy returns 1 or -2: rewritten, or there is nothing to rewrite",
            "1:use_media_proxy returns -1: it did not work, the message stays as it is",
            "2:bad input or usage"
        })
final class ExplainCommand implements Runnable {
    /** What {@code --json} writes, with these names in snake_case. */
    private record Explanation(
            Outcome outcome,
            int returnCode,
            String reason,
            @Nullable String relay,
            @Nullable String command,
            @Nullable String media,
            List<SdpEdits.Explanation> edits,
            List<Integer> streamsLeftAlone) {}

    private final Console console;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli before anything else is called
    private MessageOptions options;

    @Option(
            names = "--show-command",
            description = "Print the whole command that the dispatcher gets, too; the JSON always has it.")
    private boolean showCommand;

    @Option(names = "--json", description = "Print one JSON object, for programs.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything else is called
    private CommandSpec spec;

    ExplainCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        Trial trial = Trial.run(options, console);
        List<SdpEdits.Explanation> edits =
                trial.result().edits().map(SdpEdits::explain).orElse(List.of());
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.write(explanation(trial, edits)));
        } else {
            print(trial, edits, out);
        }
        out.flush();
        if (!trial.worked()) {
            throw CommandException.failed(trial.verdict(), null);
        }
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
                result.streamsLeftAlone());
    }

    private void print(Trial trial, List<SdpEdits.Explanation> edits, PrintWriter out) {
        EditTable.draw(edits).forEach(out::println);
        if (!edits.isEmpty()) {
            out.println();
        }
        out.println(trial.verdict());
        out.println(
                trial.sent() == null
                        ? "the dispatcher was told nothing"
                        : "the dispatcher was told of " + trial.media().orElse("no stream"));
        if (showCommand && trial.sent() != null) {
            out.println();
            trial.sent().lines().filter(line -> !line.isEmpty()).forEach(line -> out.println("  " + line));
        }
    }
}
