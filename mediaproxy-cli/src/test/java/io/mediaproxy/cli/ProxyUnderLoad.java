package io.mediaproxy.cli;

import io.mediaproxy.examples.sipp.Sipp;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A proxy in a separate process, with a dispatcher and relay in it, and a sipp that answers its calls. */
final class ProxyUnderLoad implements AutoCloseable {
    /** For the calls that are not over: sipp gives each message 40 s. */
    static final int PATIENCE_SECONDS = 180;

    private static final int MANY = 1_000_000;

    private final Path directory;
    private final Sipp callee;
    private final ServerProcess process;

    /**
     * Starts both.
     *
     * @param directory for the files of each sipp, and the standard error of the proxy
     * @param heap an option of the JVM
     * @param warmUp an option of the proxy
     */
    ProxyUnderLoad(String stack, Path directory, String heap, String warmUp) throws IOException {
        this.directory = directory;
        InetSocketAddress address = freeAddress();
        callee = Sipp.callee(directory("callee"), MANY, (call, to) -> {}, address.getPort());
        try {
            process = new ServerProcess(
                    List.of(heap),
                    ProcessBuilder.Redirect.to(directory.resolve("log").toFile()),
                    "proxy",
                    "--statistics-interval=0",
                    "--embedded",
                    "--stack=" + stack,
                    "--next=" + address.getAddress().getHostAddress() + ":" + address.getPort(),
                    warmUp);
        } catch (IOException e) {
            callee.close();
            throw e;
        }
    }

    /** Makes calls, and waits for their end. */
    LoadFigures run(String name, int rate, int seconds) throws IOException, InterruptedException {
        try (Sipp caller = caller(name, rate, seconds)) {
            caller.exitCode(seconds + PATIENCE_SECONDS);
            return LoadFigures.of(caller, rate);
        }
    }

    /** Begins to make calls. */
    Sipp caller(String name, int rate, int seconds) throws IOException {
        return Sipp.caller(directory(name), rate * seconds, rate, MANY, process.address(), (call, to) -> {});
    }

    ServerProcess process() {
        return process;
    }

    Sipp callee() {
        return callee;
    }

    /** The standard error of the proxy. */
    String log() throws IOException {
        return Files.readString(directory.resolve("log"));
    }

    private Path directory(String name) throws IOException {
        return Files.createDirectory(directory.resolve(name));
    }

    private static InetSocketAddress freeAddress() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            return (InetSocketAddress) socket.getLocalSocketAddress();
        }
    }

    @Override
    public void close() {
        process.close();
        callee.close();
    }
}
