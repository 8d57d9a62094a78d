package io.mediaproxy.cli;

import io.mediaproxy.cli.proxy.JainSipProxy;
import io.mediaproxy.cli.proxy.PktsProxy;
import io.mediaproxy.cli.proxy.ProxyServer;
import io.mediaproxy.cli.proxy.ProxyStatistics;
import io.mediaproxy.embedded.EmbeddedDispatcher;
import io.mediaproxy.embedded.EmbeddedRelay;
import io.mediaproxy.session.MediaProxy;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntSupplier;
import javax.sip.SipException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code mediaproxy proxy}: a SIP proxy that relays the media of every call. */
@Command(
        name = "proxy",
        header = "Run a SIP proxy that puts the relay into every call.",
        description = {
            "",
            "A stateless proxy over UDP and IPv4. It asks the dispatcher for a relay for every call, whose messages pass on as "
                    + "soon as the answer is there. A request goes where its Route says; else to --next; else, and within a "
                    + "call, to its Request-URI, which has to name an address: nothing is looked up in DNS.",
            "",
            "It is a showcase, and what the load tests are aimed at: it has no registrar and no authentication, and relays for "
                    + "whoever sends to it.",
            "",
            "On SIGTERM or Ctrl-C it takes in nothing more, sends on what waits for the dispatcher, and prints the totals. "
                    + "Calls that are up go on: their sessions stay with the dispatcher of --socket until their media stop.",
            ""
        },
        mixinStandardHelpOptions = true,
        versionProvider = ManifestVersion.class,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:never by itself; Java's own code for the signal that ended it: 143 for SIGTERM, 130 for Ctrl-C",
            "1:it could not go on, and one line on standard error says why",
            "2:bad input or usage; an address that nothing can listen at, too"
        })
final class ProxyCommand implements Runnable {
    /** What carries the messages. */
    private enum Stack {
        pkts,
        jainsip
    }

    private static final int LONGEST_INTERVAL_SECONDS = 86_400;

    /** The module's default; the first commands to a dispatcher in this process wait for its classes too. */
    private static final Duration TIMEOUT = Duration.ofMillis(500);

    private static final Duration OWN_TIMEOUT = Duration.ofSeconds(2);

    @Option(
            names = "--listen",
            paramLabel = "ADDRESS:PORT",
            defaultValue = "127.0.0.1:5060",
            converter = Addresses.SocketConverter.class,
            description = "Where to listen: an IPv4 address of this machine, which is also that of its own relay. "
                    + "Port 0: the system chooses one. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // has a default
    private InetSocketAddress listen;

    @Option(
            names = "--next",
            paramLabel = "ADDRESS:PORT",
            converter = Addresses.SocketConverter.class,
            description =
                    "The server that requests without a Route go to. Default: their Request-URI says where they go.")
    private @Nullable InetSocketAddress next;

    @Option(
            names = "--socket",
            paramLabel = "PATH",
            description =
                    "Use the dispatcher that listens on this UNIX socket; it may come later, and calls go on without a "
                            + "relay until then.")
    private @Nullable Path socket;

    @Option(
            names = "--embedded",
            description = "Use a dispatcher and a relay in this process. That is the default without --socket.")
    private boolean embedded;

    @Option(
            names = "--stack",
            paramLabel = "pkts|jainsip",
            defaultValue = "pkts",
            description = "The SIP stack: pkts.io and one thread, or JAIN-SIP. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // has a default
    private Stack stack;

    @Option(
            names = "--statistics-interval",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "How often a line of statistics is printed; 0: only in the end. Default: ${DEFAULT-VALUE}.")
    private int interval;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything else is called
    private CommandSpec spec;

    @Override
    public void run() {
        check();
        Interruption interruption = Interruption.ofThisThread();
        try {
            if (socket == null) {
                serveWithOwnRelay();
            } else {
                serve(socket, null);
            }
        } catch (InterruptedException e) {
            spec.commandLine().getOut().flush(); // it was asked to end, and has
        } finally {
            interruption.over();
        }
    }

    private void check() {
        if (socket != null && embedded) {
            throw new ParameterException(
                    spec.commandLine(), "--socket and --embedded name two dispatchers, one is wanted");
        }
        if (interval < 0 || interval > LONGEST_INTERVAL_SECONDS) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Invalid value for option '--statistics-interval': 0 to " + LONGEST_INTERVAL_SECONDS
                            + " is wanted, not " + interval);
        }
        if (next != null && (next.getPort() == 0 || next.equals(listen))) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Invalid value for option '--next': " + (next.getPort() == 0 ? "a port" : "another server")
                            + " is wanted, not " + text(next));
        }
        if (socket != null) {
            checkSocket(socket);
        }
    }

    private void checkSocket(Path path) {
        Path directory = path.toAbsolutePath().getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            throw CommandException.badInput("no such directory for a socket: " + directory, null);
        }
        if (Files.isRegularFile(path) || Files.isDirectory(path)) {
            throw CommandException.badInput("not a socket: " + path, null);
        }
        try {
            SocketChannel.open(UnixDomainSocketAddress.of(path)).close();
        } catch (IOException e) {
            PrintWriter err = spec.commandLine().getErr();
            err.println(
                    "mediaproxy: no dispatcher listens on " + path + " yet, calls go on without a relay until then");
            err.flush();
        }
    }

    private void serveWithOwnRelay() throws InterruptedException {
        try (EmbeddedRelay relay = EmbeddedRelay.builder()
                        .bindAddress(listen.getAddress().getHostAddress())
                        .start();
                EmbeddedDispatcher dispatcher =
                        EmbeddedDispatcher.builder().relays(relay).start()) {
            serve(dispatcher.socket(), () -> dispatcher.counters().liveSessions());
        }
    }

    /** @param sessions how many the dispatcher has; null: nobody knows */
    private void serve(Path dispatcher, @Nullable IntSupplier sessions) throws InterruptedException {
        ProxyStatistics statistics = new ProxyStatistics(System::nanoTime);
        MediaProxy.Builder builder =
                MediaProxy.builder().dispatcherSocket(dispatcher).timeout(sessions == null ? TIMEOUT : OWN_TIMEOUT);
        statistics.watch(builder);
        try (MediaProxy mediaProxy = builder.build()) {
            statistics.watch(mediaProxy, sessions);
            try (ProxyServer server = start(mediaProxy, statistics)) {
                say("listening on " + text(server.address()) + ", stack " + stack + ", dispatcher "
                        + (sessions == null ? dispatcher : "and relay in this process"));
                report(server, statistics);
            } finally {
                say(statistics.total());
            }
        }
    }

    private ProxyServer start(MediaProxy mediaProxy, ProxyStatistics statistics) {
        try {
            return stack == Stack.pkts
                    ? PktsProxy.start(listen, next, mediaProxy, statistics)
                    : JainSipProxy.start(listen, next, mediaProxy, statistics);
        } catch (IOException e) {
            throw CommandException.badInput("nothing can listen at " + text(listen) + ": " + e.getMessage(), e);
        } catch (SipException e) {
            throw CommandException.failed("JAIN-SIP does not start: " + e.getMessage(), e);
        }
    }

    /** Prints a line now and then, until somebody interrupts it or the server breaks. */
    private void report(ProxyServer server, ProxyStatistics statistics) throws InterruptedException {
        while (true) {
            try {
                server.broken().get(interval == 0 ? LONGEST_INTERVAL_SECONDS : interval, TimeUnit.SECONDS);
            } catch (TimeoutException e) {
                if (interval > 0) {
                    say(statistics.line());
                }
            } catch (ExecutionException e) {
                throw CommandException.failed("the proxy cannot go on: " + e.getCause(), e);
            }
        }
    }

    private void say(String line) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(line);
        out.flush();
    }

    private static String text(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ':' + address.getPort();
    }
}
