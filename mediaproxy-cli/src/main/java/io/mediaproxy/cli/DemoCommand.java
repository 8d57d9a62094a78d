package io.mediaproxy.cli;

import io.mediaproxy.cli.demo.Demo;
import io.mediaproxy.protocol.backchannel.BackChannelException;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.BindException;
import java.net.InetAddress;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
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
            "Two phones whose SDP names private addresses that nothing can reach, the example proxy on JAIN-SIP "
                    + "(io.mediaproxy.examples.jainsip.proxy), which asks the dispatcher for a relay, and one call "
                    + "between them: INVITE, audio both ways, BYE. Prints the messages, the SDP before and after with "
                    + "the reason of each edit, the audio that arrived, and the statistics of the relay.",
            ""
        },
        mixinStandardHelpOptions = true,
        versionProvider = ManifestVersion.class,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:audio passed both ways through the relay, and the session was removed",
            "1:it did not, and one line on standard error gives the reason",
            "2:bad input or usage"
        })
final class DemoCommand implements Runnable {
    private static final int LONGEST_TALK_SECONDS = 3600;

    @Option(
            names = "--socket",
            paramLabel = "PATH",
            description = "Use the dispatcher that listens on this UNIX socket. "
                    + "Default: a dispatcher and a relay in this process.")
    private @Nullable Path socket;

    @Option(
            names = "--bind",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            converter = Addresses.ReachableConverter.class,
            description = "The IPv4 address of this machine for the phones, the proxy, and the relay in this process. "
                    + "With --socket the relay must be able to reach it. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // has a default
    private InetAddress bind;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "3",
            description =
                    "How many seconds the phones talk, 1 to " + LONGEST_TALK_SECONDS + ". Default: ${DEFAULT-VALUE}.")
    private int seconds;

    @Option(
            names = "--media-timeout",
            description = "The phones do not hang up but fall silent: the relay's timer fires, the dispatcher asks the "
                    + "proxy to end the call, and the proxy sends BYE to both. The timer of the relay in this process "
                    + "is short; with --socket it takes minutes, and --back-channel is needed.")
    private boolean mediaTimeout;

    @Option(
            names = "--back-channel",
            paramLabel = "PATH",
            description = "With --socket and --media-timeout: the socket to which the dispatcher sends the calls whose "
                    + "media stopped, socket_path in [OpenSIPS] of its configuration.")
    private @Nullable Path backChannel;

    @Option(names = "--json", description = "Print one JSON object, for programs.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything else is called
    private CommandSpec spec;

    @Override
    public void run() {
        // The report includes a removal that was not delivered; the log would repeat it in between.
        System.setProperty("org.slf4j.simpleLogger.log.io.mediaproxy.session.PendingRemovals", "error");
        if (seconds < 1 || seconds > LONGEST_TALK_SECONDS) {
            throw InvalidValue.of(spec, "--seconds", seconds, "1 to " + LONGEST_TALK_SECONDS);
        }
        if ((backChannel != null) != (socket != null && mediaTimeout)) {
            throw new ParameterException(
                    spec.commandLine(),
                    backChannel == null
                            ? "--media-timeout with --socket requires --back-channel"
                            : "--back-channel is for --media-timeout with --socket");
        }
        if (socket != null) {
            knock(socket);
        }
        List<String> problems = show(spec.commandLine().getOut());
        if (!problems.isEmpty()) {
            throw CommandException.failed(String.join("; ", problems), null);
        }
    }

    /** Finds out before the call whether a dispatcher listens. */
    private static void knock(Path path) {
        if (Files.notExists(path)) { // false also if a directory cannot be entered
            throw CommandException.badInput("no such socket: " + path, null);
        }
        if (Files.isRegularFile(path) || Files.isDirectory(path)) {
            throw CommandException.badInput("not a socket: " + path, null);
        }
        try {
            SocketChannel.open(UnixDomainSocketAddress.of(path)).close();
        } catch (BindException e) { // as the JDK names EACCES
            throw CommandException.failed(
                    "permission denied: user " + System.getProperty("user.name") + " cannot write to " + path
                            + ", or not enter its directory",
                    e);
        } catch (IOException e) {
            throw CommandException.failed("no dispatcher listens on " + path + ": " + e.getMessage(), e);
        }
    }

    private List<String> show(PrintWriter out) {
        Interruption interruption = Interruption.ofThisThread();
        try {
            return new Demo(socket, backChannel, bind, Duration.ofSeconds(seconds), mediaTimeout).show(out, json);
        } catch (BackChannelException e) {
            throw CommandException.badInput(String.valueOf(e.getMessage()), e);
        } catch (SocketException e) {
            throw CommandException.badInput("cannot listen at " + bind.getHostAddress() + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            throw CommandException.failed("interrupted, the call is aborted", e);
        } catch (IOException e) {
            throw CommandException.failed("no socket for the back channel: " + e.getMessage(), e);
        } catch (SipException | TimeoutException e) {
            throw CommandException.failed("the call failed: " + e.getMessage(), e);
        } finally {
            interruption.over();
        }
    }
}
