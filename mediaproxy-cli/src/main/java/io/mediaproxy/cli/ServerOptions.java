package io.mediaproxy.cli;

import io.mediaproxy.embedded.EmbeddedDispatcher;
import io.mediaproxy.embedded.EmbeddedRelay;
import io.mediaproxy.examples.stateless.ListenAddress;
import io.mediaproxy.examples.stateless.OwnAddresses;
import io.mediaproxy.protocol.Dispatcher;
import io.mediaproxy.protocol.backchannel.BackChannelConfig;
import io.mediaproxy.protocol.backchannel.BackChannelException;
import io.mediaproxy.session.MediaProxy;
import io.mediaproxy.session.MediaProxyBuilder;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/**
 * The options of a SIP server that runs until the process is stopped: its address, the next server, and the dispatcher.
 */
final class ServerOptions {
    /** The module's default; the first commands to a dispatcher in this process wait for its classes, too. */
    private static final Duration TIMEOUT = Duration.ofMillis(500);

    private static final Duration EMBEDDED_TIMEOUT = Duration.ofSeconds(2);

    @Option(
            names = "--listen",
            paramLabel = "ADDRESS[:PORT]",
            defaultValue = "127.0.0.1:5060",
            converter = Addresses.SocketConverter.class,
            description =
                    "Where to listen: an IPv4 address or host name of this machine, which the relay in this process "
                            + "uses, too. Port 0 takes a free port. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // has a default
    InetSocketAddress listen;

    @Option(
            names = "--next",
            paramLabel = "ADDRESS[:PORT]",
            converter = Addresses.SocketConverter.class,
            description = "The server to which the requests go that begin a call.")
    @Nullable InetSocketAddress next;

    @Option(
            names = "--socket",
            paramLabel = "PATH",
            description = "Use the dispatcher that listens on this UNIX socket. It may start later; until then calls "
                    + "continue without a relay. If given several times, each call goes to one of the dispatchers, and "
                    + "to another one when that fails.")
    private List<Path> sockets = new ArrayList<>();

    @Option(
            names = "--back-channel",
            paramLabel = "PATH",
            description = "Listen on this UNIX datagram socket, to which the dispatcher sends the calls whose media "
                    + "stopped: socket_path in [OpenSIPS] of its configuration, often /run/opensips/socket. The server "
                    + "sends BYE to both parties. Without it, nothing ends such calls.")
    private @Nullable Path backChannel;

    @Option(
            names = "--embedded",
            description = "Use a dispatcher and a relay in this process. This is the default without --socket.")
    private boolean embedded;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli before it calls anything else
    private ModuleParameters parameters;

    /** The address that others send to, if it is not {@link #listen}. */
    private @Nullable InetAddress advertised;

    /** Serves calls until the thread is interrupted. */
    @FunctionalInterface
    interface Service {
        void serve(Dispatchers dispatchers) throws InterruptedException;
    }

    /**
     * The dispatchers to use.
     *
     * @param sockets at least one
     * @param name for people
     * @param timeout for its replies
     * @param sessions the number of its sessions; null if it is not known
     */
    record Dispatchers(
            List<Path> sockets,
            String name,
            Duration timeout,
            @Nullable IntSupplier sessions) {}

    /** Makes others send to another address than that of {@code --listen}. */
    void advertise(InetAddress address) {
        advertised = address;
    }

    /** Where the server listens, and where others send to. */
    ListenAddress listenAddress() {
        return advertised == null ? ListenAddress.at(listen) : new ListenAddress(listen, advertised);
    }

    /** Checks the options, and serves until the process is stopped (Ctrl-C, SIGTERM). */
    void run(CommandSpec spec, Service service) {
        check(spec);
        Interruption interruption = Interruption.ofThisThread();
        try {
            if (sockets.isEmpty()) {
                serveWithEmbeddedRelay(service);
            } else {
                String names = sockets.stream().map(Path::toString).collect(Collectors.joining(", "));
                service.serve(new Dispatchers(sockets, names, TIMEOUT, null));
            }
        } catch (InterruptedException e) {
            spec.commandLine().getOut().flush(); // the process was asked to end
        } finally {
            interruption.over();
        }
    }

    private void check(CommandSpec spec) {
        if (listen.getAddress().isMulticastAddress()
                || listenAddress().advertised().isAnyLocalAddress()) {
            throw InvalidValue.of(spec, "--listen", Addresses.text(listen), "an address that others can send to");
        }
        if (!sockets.isEmpty() && embedded) {
            throw new ParameterException(
                    spec.commandLine(), "--socket and --embedded name two dispatchers, but one is needed");
        }
        if (next != null && (next.getPort() == 0 || new OwnAddresses(listenAddress()).contains(next))) {
            throw InvalidValue.of(
                    spec, "--next", Addresses.text(next), next.getPort() == 0 ? "a port" : "another server");
        }
        if (sockets.stream().distinct().count() < sockets.size()) {
            throw new ParameterException(spec.commandLine(), "--socket names the same dispatcher twice");
        }
        sockets.forEach(socket -> checkSocket(spec, socket));
    }

    private static void checkSocket(CommandSpec spec, Path path) {
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
            err.println("mediaproxy: "
                    + (e instanceof BindException // as the JDK names EACCES
                            ? "permission denied at " + path
                            : "no dispatcher listens on " + path + " yet")
                    + "; until then calls continue without a relay");
            err.flush();
        }
    }

    private void serveWithEmbeddedRelay(Service service) throws InterruptedException {
        try (EmbeddedRelay relay = EmbeddedRelay.builder()
                        .bindAddress(listen.getAddress().getHostAddress())
                        .advertisedAddress(listenAddress().advertised().getHostAddress())
                        .start();
                EmbeddedDispatcher dispatcher = embedded(relay)) {
            service.serve(new Dispatchers(
                    List.of(dispatcher.socket()),
                    "and relay in this process",
                    EMBEDDED_TIMEOUT,
                    () -> dispatcher.counters().liveSessions()));
        }
    }

    private EmbeddedDispatcher embedded(EmbeddedRelay relay) {
        EmbeddedDispatcher.Builder builder = EmbeddedDispatcher.builder().relays(relay);
        return (backChannel == null ? builder : builder.openSipsSocket(backChannel)).start();
    }

    /** Builds the functions. */
    MediaProxy build(MediaProxyBuilder builder) {
        try {
            return builder.build();
        } catch (BackChannelException e) {
            throw CommandException.badInput(String.valueOf(e.getMessage()), e);
        }
    }

    /** Starts the configuration of the functions that use them. */
    MediaProxyBuilder mediaProxy(Dispatchers dispatchers) {
        MediaProxyBuilder builder = MediaProxy.builder()
                .dispatchers(dispatchers.sockets().stream().map(Dispatcher::at).toArray(Dispatcher[]::new))
                .timeout(dispatchers.timeout());
        parameters.configure(builder);
        if (backChannel != null) {
            builder.backChannel(BackChannelConfig.builder(backChannel).build());
        }
        return builder;
    }

    /** The error for an address that cannot be bound. */
    CommandException cannotListen(IOException cause) {
        return CommandException.badInput(
                "cannot listen at " + Addresses.text(listen) + ": " + cause.getMessage(), cause);
    }
}
