package io.mediaproxy.cli;

import io.mediaproxy.cli.proxy.JainSipProxy;
import io.mediaproxy.cli.proxy.ProxyRehearsal;
import io.mediaproxy.cli.proxy.ProxyStart;
import io.mediaproxy.cli.proxy.ProxyStatistics;
import io.mediaproxy.examples.SipServer;
import io.mediaproxy.examples.pkts.proxy.PktsProxy;
import io.mediaproxy.jainsip.JainSipMediaProxy;
import io.mediaproxy.pkts.PktsMediaProxy;
import io.mediaproxy.session.MediaProxy;
import io.mediaproxy.session.MediaProxyBuilder;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import javax.sip.SipException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
            "A stateless proxy over UDP and IPv4. It asks the dispatcher for a relay for every call, and forwards the "
                    + "messages of the call as soon as the reply arrives. A request goes where its Route leads; "
                    + "otherwise to --next; without --next, and within a call, to its Request-URI, which must name an "
                    + "address: there are no DNS lookups.",
            "",
            "A call that would get its relay too late, because there are too many, is refused with a 503.",
            "",
            "The script ./mediaproxy gives it a heap of 128 MB on pkts and 256 MB on JAIN-SIP, and the serial "
                    + "collector, unless the variable JAVA_OPTS has options for the JVM.",
            "",
            "It is a showcase and the target of the load tests: it has no registrar and no authentication, and relays "
                    + "for every sender.",
            "",
            "On SIGTERM or Ctrl-C it stops reading, forwards the messages that wait for the dispatcher, and prints "
                    + "the totals. Active calls continue: their sessions stay with the dispatcher of --socket until "
                    + "their media stop.",
            ""
        },
        mixinStandardHelpOptions = true,
        versionProvider = ManifestVersion.class,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:never; a signal ends the process with Java's exit code: 143 for SIGTERM, 130 for Ctrl-C",
            "1:the proxy could not continue, and one line on standard error gives the reason",
            "2:bad input or usage, or an address that cannot be bound"
        })
final class ProxyCommand implements Runnable {
    /** The library that reads and writes the messages. */
    private enum Stack {
        pkts {
            @Override
            ProxyStart proxy() {
                return PktsProxy::start;
            }

            @Override
            void warmUpAdapter(Duration limit) {
                PktsMediaProxy.warmUp(limit);
            }
        },
        jainsip {
            @Override
            ProxyStart proxy() {
                return JainSipProxy::start;
            }

            @Override
            void warmUpAdapter(Duration limit) {
                JainSipMediaProxy.warmUp(limit);
            }
        };

        abstract ProxyStart proxy();

        abstract void warmUpAdapter(Duration limit);

        /** A quarter of the time in memory, which reaches all code of the module, the rest through sockets. */
        void warmUp(Duration limit) {
            Duration inMemory = limit.dividedBy(4);
            warmUpAdapter(inMemory);
            ProxyRehearsal.run(proxy(), limit.minus(inMemory));
        }
    }

    private static final int LONGEST_INTERVAL_SECONDS = 86_400;
    private static final int LONGEST_WARM_UP_SECONDS = 60;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli before it calls anything else
    private ServerOptions options;

    @Option(
            names = "--advertise",
            paramLabel = "ADDRESS",
            converter = Addresses.ReachableConverter.class,
            description =
                    "The IPv4 address or host name that others send to, if it is not that of --listen: behind NAT, in "
                            + "a container, and for --listen 0.0.0.0. It goes into Via, Record-Route, and the SDP of "
                            + "the relay in this process. Default for 0.0.0.0: the address of this machine if there is "
                            + "one only.")
    private @Nullable InetAddress advertised;

    @Option(
            names = "--stack",
            paramLabel = "pkts|jainsip",
            defaultValue = "pkts",
            description = "The SIP stack: pkts.io with one thread, or JAIN-SIP. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // has a default
    private Stack stack;

    @Option(
            names = "--statistics-interval",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "How often to print a line of statistics; 0 prints only the totals at the end. Default: "
                    + "${DEFAULT-VALUE}.")
    private int interval;

    @Option(
            names = "--warm-up",
            paramLabel = "SECONDS",
            defaultValue = "2",
            description = "How long calls are rehearsed before the proxy listens, so that its first calls are not "
                    + "slow; 0 for not at all. Default: ${DEFAULT-VALUE}.")
    private int warmUp;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before it calls anything else
    private CommandSpec spec;

    @Override
    public void run() {
        if (interval < 0 || interval > LONGEST_INTERVAL_SECONDS) {
            throw InvalidValue.of(spec, "--statistics-interval", interval, "0 to " + LONGEST_INTERVAL_SECONDS);
        }
        if (warmUp < 0 || warmUp > LONGEST_WARM_UP_SECONDS) {
            throw InvalidValue.of(spec, "--warm-up", warmUp, "0 to " + LONGEST_WARM_UP_SECONDS);
        }
        if (advertised != null) {
            options.advertise(advertised);
        } else if (options.listen.getAddress().isAnyLocalAddress()) {
            options.advertise(onlyAddress());
        }
        options.run(spec, this::serve);
    }

    /** The address of this machine, if it has only one that others can send to. */
    private InetAddress onlyAddress() {
        List<InetAddress> reachable;
        try {
            reachable = NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                    .toList();
        } catch (SocketException e) {
            throw CommandException.failed("cannot read the addresses of this machine: " + e.getMessage(), e);
        }
        if (reachable.size() == 1) {
            return reachable.get(0);
        }
        String found = reachable.stream().map(InetAddress::getHostAddress).collect(Collectors.joining(", "));
        throw new ParameterException(
                spec.commandLine(),
                "--listen 0.0.0.0 requires --advertise: this machine has "
                        + (found.isEmpty() ? "no address that others can send to" : "the addresses " + found));
    }

    private void serve(ServerOptions.Dispatchers dispatchers) throws InterruptedException {
        if (warmUp > 0) {
            stack.warmUp(Duration.ofSeconds(warmUp));
        }
        if (Thread.interrupted()) {
            throw new InterruptedException("the process was asked to end during the warm-up");
        }
        ProxyStatistics statistics = new ProxyStatistics(System::nanoTime);
        MediaProxyBuilder builder = options.mediaProxy(dispatchers);
        statistics.watch(builder);
        try (MediaProxy mediaProxy = options.build(builder)) {
            statistics.watch(mediaProxy, dispatchers.sessions());
            try (SipServer server = start(mediaProxy, statistics)) {
                print("listening on " + Addresses.text(server.address()) + advertisement() + ", stack " + stack
                        + ", dispatcher " + dispatchers.name());
                report(server, statistics);
            } finally {
                print(statistics.total());
            }
        }
    }

    private String advertisement() {
        InetAddress reachable = options.listenAddress().advertised();
        return reachable.equals(options.listen.getAddress()) ? "" : ", advertised as " + reachable.getHostAddress();
    }

    private SipServer start(MediaProxy mediaProxy, ProxyStatistics statistics) {
        try {
            return stack.proxy().start(options.listenAddress(), options.next, mediaProxy, statistics);
        } catch (IOException e) {
            throw options.cannotListen(e);
        } catch (SipException e) {
            throw CommandException.failed("JAIN-SIP does not start: " + e.getMessage(), e);
        }
    }

    /** Prints a line at each interval, until the thread is interrupted or the server breaks. */
    private void report(SipServer server, ProxyStatistics statistics) throws InterruptedException {
        while (true) {
            try {
                server.broken().get(interval == 0 ? LONGEST_INTERVAL_SECONDS : interval, TimeUnit.SECONDS);
            } catch (TimeoutException e) {
                if (interval > 0) {
                    print(statistics.line());
                }
            } catch (ExecutionException e) {
                throw CommandException.failed("the proxy cannot continue: " + e.getCause(), e);
            }
        }
    }

    private void print(String line) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(line);
        out.flush();
    }
}
