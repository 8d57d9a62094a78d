package io.mediaproxy.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The {@code mediaproxy} command.
 *
 * <p>Exit codes: {@value #OK} if it worked; {@value #FAILED} if it failed, {@value #BAD_INPUT} if the command line or
 * an input was wrong, each with the reason in one line on standard error.
 */
@Command(
        name = "mediaproxy",
        header = "Media relay for SIP calls: a demo call, example servers, a proxy, and the changes to a message or a "
                + "capture.",
        description = {
            "",
            "A MediaProxy dispatcher gives SIP servers the addresses of a media relay. This command shows the effect, "
                    + "with a dispatcher and a relay in its own process or with a running one.",
            ""
        },
        commandListHeading = "%nCommands:%n",
        footer = {"", "mediaproxy COMMAND --help describes one of them."},
        mixinStandardHelpOptions = true,
        versionProvider = ManifestVersion.class,
        exitCodeOnInvalidInput = MediaProxyCommand.BAD_INPUT,
        exitCodeOnExecutionException = MediaProxyCommand.FAILED,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:it worked",
            "1:it failed, and one line on standard error gives the reason",
            "2:bad input or usage, and one line on standard error gives the reason"
        })
public final class MediaProxyCommand implements Callable<Integer> {
    static final int OK = CommandLine.ExitCode.OK;
    static final int FAILED = 1;
    static final int BAD_INPUT = 2;

    /** That of a program which SIGPIPE ended. */
    static final int BROKEN_PIPE = 141;

    private static final int NARROWEST = 55; // picocli accepts no less
    private static final Pattern COLUMNS = Pattern.compile("[0-9]{1,4}");

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before it calls anything else
    private CommandSpec spec;

    private MediaProxyCommand() {}

    public static void main(String[] arguments) {
        Thread.setDefaultUncaughtExceptionHandler(MediaProxyCommand::end);
        StandardOutput out = new StandardOutput(new FileOutputStream(FileDescriptor.out), Charset.defaultCharset());
        System.setOut(out); // picocli's writer uses it
        Console console = new Console(System.in, out, System.err);
        System.exit(execute(withWidth(commandLine(console), System.getenv("COLUMNS")), console, arguments));
    }

    /** A command whose thread has ended would live on and do nothing: it ends, too. */
    private static void end(Thread thread, Throwable cause) {
        System.err.println("mediaproxy: the thread " + thread.getName() + " ended: "
                + cause.getClass().getName());
        Runtime.getRuntime().halt(FAILED); // not exit(): its hooks may wait for that thread
    }

    /**
     * Runs the command, and then checks that its output was written: the writers do not report a full disk. A reader
     * that ended early is no error to report.
     */
    static int execute(CommandLine commandLine, Console console, String... arguments) {
        int exitCode = commandLine.execute(arguments);
        commandLine.getOut().flush();
        boolean failed = console.out().checkError(); // flushes
        if (console.out().readerIsGone()) {
            return BROKEN_PIPE;
        }
        if (failed) {
            complain(commandLine, "cannot write to standard output");
            return FAILED;
        }
        return exitCode;
    }

    /** The command with its subcommands. */
    static CommandLine commandLine(Console console) {
        CommandLine commandLine = new CommandLine(new MediaProxyCommand())
                .addSubcommand(new DemoCommand())
                .addSubcommand(new ExampleCommand())
                .addSubcommand(new ProxyCommand())
                .addSubcommand(new RewriteCommand(console))
                .addSubcommand(new ExplainCommand(console))
                .addSubcommand(new PcapCommand(console))
                .addSubcommand(new CompletionCommand())
                .addSubcommand(new ManPageCommand());
        commandLine.registerConverter(int.class, new WholeNumber());
        return withOneLineErrors(commandLine);
    }

    /** Errors are one line on the command's error writer: no usage text, no stack trace. */
    static CommandLine withOneLineErrors(CommandLine commandLine) {
        return commandLine
                .setParameterExceptionHandler((problem, arguments) -> {
                    String name = problem.getCommandLine().getCommandSpec().qualifiedName();
                    complain(problem.getCommandLine(), reason(problem) + " (see " + name + " --help)");
                    return BAD_INPUT;
                })
                .setExecutionExceptionHandler((problem, failed, parsed) -> {
                    if (problem instanceof CommandException known) {
                        complain(failed, String.valueOf(known.getMessage()));
                        return known.exitCode();
                    }
                    complain(failed, "unexpected " + problem);
                    return FAILED;
                });
    }

    /** Lets the help use the whole width of the terminal, as far as the shell gives it. */
    static CommandLine withWidth(CommandLine commandLine, @Nullable String columns) {
        if (columns != null && COLUMNS.matcher(columns).matches()) {
            commandLine.setUsageHelpWidth(Math.max(NARROWEST, Integer.parseInt(columns)));
        }
        return commandLine;
    }

    private static String reason(ParameterException problem) {
        if (problem instanceof UnmatchedArgumentException unmatched && !unmatched.isUnknownOption()) {
            List<String> similar = unmatched.getSuggestions();
            return "unknown argument \"" + unmatched.getUnmatched().get(0) + "\""
                    + (similar.isEmpty() ? "" : ", did you mean " + String.join(" or ", similar) + "?");
        }
        return InvalidValue.message(problem);
    }

    private static void complain(CommandLine commandLine, String message) {
        PrintWriter err = commandLine.getErr();
        err.println("mediaproxy: " + message.replaceAll("\\R+", " "));
        err.flush();
    }

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return BAD_INPUT;
    }
}
