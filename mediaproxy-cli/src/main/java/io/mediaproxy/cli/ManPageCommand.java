package io.mediaproxy.cli;

import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code mediaproxy man-page}: prints the manual page of the command. */
@Command(
        name = "man-page",
        header = "Print the manual page, in roff.",
        description = {"", "To read it: mediaproxy man-page | man -l -", ""},
        mixinStandardHelpOptions = true,
        versionProvider = ManifestVersion.class)
final class ManPageCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before it calls anything else
    private CommandSpec spec;

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        out.print(new ManPage().of(spec.root()));
        out.flush();
    }
}
