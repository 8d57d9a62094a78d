package io.mediaproxy.cli;

import io.mediaproxy.cli.demo.Demo;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import javax.sip.InvalidArgumentException;
import javax.sip.SipException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code mediaproxy demo}: a call through the relay, to watch. */
@Command(
        name = "demo",
        header = "Make a call through the relay and show what happens.",
        description = {
            "",
            "Two phones whose SDP names private addresses that nobody can reach, a SIP proxy that asks the dispatcher for a "
                    + "relay, and one call between them: INVITE, audio both ways, BYE. Prints the messages, the SDP before and "
                    + "after with the reason of each edit, what was heard, and what the relay says of it.",
            ""
        },
        mixinStandardHelpOptions = true,
        versionProvider = ManifestVersion.class,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:audio passed both ways through the relay, and the session was removed",
            "1:it did not, and one line on standard error says why",
            "2:bad input or usage"
        })
final class DemoCommand implements Runnable {
    private static final int LONGEST_TALK_SECONDS = 3600;

    @Option(
            names = "--socket",
            paramLabel = "PATH",
            description = "Use the dispatcher that listens on this UNIX socket. "
                    + "Without it a dispatcher and a relay in this process take part.")
    private @Nullable Path socket;

    @Option(
            names = "--bind",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            converter = Addresses.BindConverter.class,
            description =
                    "The IPv4 address of this machine that the phones and the proxy use, and the relay if it is ours. "
                            + "With --socket the relay must be able to reach it. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // has a default
    private InetAddress bind;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "3",
            description = "How long they talk, 1 to " + LONGEST_TALK_SECONDS + ". Default: ${DEFAULT-VALUE}.")
    private int seconds;

    @Option(
            names = "--media-timeout",
            description =
                    "The phones do not hang up but fall silent: the relay's timer fires, and the dispatcher asks the "
                            + "proxy to end the call, which sends BYE to both. Not with --socket.")
    private boolean mediaTimeout;

    @Option(names = "--json", description = "Print one JSON object, for programs.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything else is called
    private CommandSpec spec;

    @Override
    public void run() {
        if (seconds < 1 || seconds > LONGEST_TALK_SECONDS) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Invalid value for option '--seconds': 1 to " + LONGEST_TALK_SECONDS + " is wanted, not "
                            + seconds);
        }
        if (socket != null && mediaTimeout) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--media-timeout takes the dispatcher in this process, whose relay waits only some seconds: not with --socket");
        }
        if (socket != null) {
            knock(socket);
        }
        List<String> problems = show(spec.commandLine().getOut());
        if (!problems.isEmpty()) {
            throw CommandException.failed(String.join("; ", problems), null);
        }
    }

    /** Sees at once, and not in the middle of a call, that nobody is there. */
    private static void knock(Path path) {
        if (!Files.exists(path)) {
            throw CommandException.badInput("no such socket: " + path, null);
        }
        if (Files.isRegularFile(path) || Files.isDirectory(path)) {
            throw CommandException.badInput("not a socket: " + path, null);
        }
        try {
            SocketChannel.open(UnixDomainSocketAddress.of(path)).close();
        } catch (IOException e) {
            throw CommandException.failed("no dispatcher listens on " + path + ": " + e.getMessage(), e);
        }
    }

    private List<String> show(PrintWriter out) {
        Interruption interruption = Interruption.ofThisThread();
        try {
            return new Demo(socket, bind, Duration.ofSeconds(seconds), mediaTimeout).show(out, json);
        } catch (SocketException e) {
            throw CommandException.badInput(
                    "nothing can listen at " + bind.getHostAddress() + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            throw CommandException.failed("interrupted, the call is broken off", e);
        } catch (IOException e) {
            throw CommandException.failed("no socket for the back channel: " + e.getMessage(), e);
        } catch (SipException | InvalidArgumentException | ParseException | TimeoutException e) {
            throw CommandException.failed("the call failed: " + e.getMessage(), e);
        } finally {
            interruption.over();
        }
    }
}
