package io.mediaproxy.benchmarks.sip;

import io.mediaproxy.benchmarks.process.DispatcherProcess;
import io.mediaproxy.benchmarks.process.RunningProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A proxy that is running, with a dispatcher process that only this proxy uses; or the generator alone, which has
 * neither: sipp calls sipp.
 *
 * @param overloaded whether it takes part in the overload
 * @param listen the port to call
 * @param next the port of the callee
 */
record Contestant(
        String title,
        boolean overloaded,
        Path folder,
        int listen,
        int next,
        @Nullable RunningProcess proxy,
        @Nullable DispatcherProcess dispatcher)
        implements AutoCloseable {
    private static final String GENERATOR = "sipp to sipp, no proxy";

    static Contestant generator(Path parent) throws IOException {
        int port = RunningProcess.freePort();
        return new Contestant(GENERATOR, false, Files.createTempDirectory(parent, "generator"), port, port, null, null);
    }

    /** Starts the proxy and its dispatcher, and waits until they listen. */
    static Contestant start(Proxy proxy, Path parent) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory(parent, "proxy");
        Path socket = folder.resolve("dispatcher.sock");
        int listen = RunningProcess.freePort();
        int next = RunningProcess.freePort();
        DispatcherProcess dispatcher = DispatcherProcess.start(socket);
        try {
            RunningProcess running = proxy.start(folder, listen, next, socket);
            return new Contestant(proxy.title(), proxy.overloaded(), folder, listen, next, running, dispatcher);
        } catch (IOException e) {
            dispatcher.close();
            throw e;
        }
    }

    /** Starts the end that makes calls. */
    Sipp caller(int rate, int calls) throws IOException, InterruptedException {
        return Sipp.caller(folder, RunningProcess.freePort(), listen, rate, calls);
    }

    /** Starts the end that answers them. */
    Sipp callee() throws IOException, InterruptedException {
        return Sipp.callee(folder, next);
    }

    /** Waits until nothing of earlier calls is left. */
    void awaitIdle() throws IOException, InterruptedException {
        if (dispatcher != null) {
            dispatcher.awaitIdle();
        }
    }

    Duration proxyCpu() {
        return proxy == null ? Duration.ZERO : proxy.cpu();
    }

    Duration dispatcherCpu() {
        return dispatcher == null ? Duration.ZERO : dispatcher.running().cpu();
    }

    @Override
    public void close() {
        if (proxy != null) {
            proxy.close();
        }
        if (dispatcher != null) {
            dispatcher.close();
        }
    }
}
