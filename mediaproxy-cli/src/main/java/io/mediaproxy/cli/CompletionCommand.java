package io.mediaproxy.cli;

import java.io.PrintWriter;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code mediaproxy completion}: prints what makes a shell complete this command. */
@Command(
        name = "completion",
        header = "Print the completion script for bash and zsh.",
        description = {"", "In the shell: source <(mediaproxy completion)", ""},
        mixinStandardHelpOptions = true,
        versionProvider = ManifestVersion.class)
final class CompletionCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before it calls anything else
    private CommandSpec spec;

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        out.print(AutoComplete.bash(spec.root().name(), spec.root().commandLine()));
        out.flush();
    }
}
