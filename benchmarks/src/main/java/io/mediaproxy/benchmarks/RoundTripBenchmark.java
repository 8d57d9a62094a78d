package io.mediaproxy.benchmarks;

import io.mediaproxy.protocol.DispatcherClient;
import io.mediaproxy.protocol.DispatcherReply;
import io.mediaproxy.protocol.UpdateCommand;
import io.mediaproxy.protocol.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.newsclub.net.unix.AFUNIXSocketAddress;
import org.newsclub.net.unix.AFUNIXSocketChannel;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;

/**
 * From a command to its reply: {@link DispatcherClient} compared with bare sockets, both connected to a
 * {@link BarePeer}.
 *
 * <p>The peer runs in the same process, so that one JVM, one JIT and one garbage collector serve both sides of the
 * comparison; half of the cost is the peer's wherever it runs. Each thread has one bare socket, sends the same bytes,
 * blocks until the reply arrives and does not parse it. The bare selector does the same for several sockets on one
 * thread: the client's own cost is the difference to the selector, and the cost of not blocking is the difference
 * between selector and sockets.
 *
 * <p>There are two kinds of caller. One continues in a stage chained to the future, as a SIP server does; the thread of
 * the other waits for the future, which costs two more thread switches in any client.
 */
public class RoundTripBenchmark extends BarePeerBenchmark {
    static final int CALLERS = 32;

    /** Per caller; so many that starting and ending a chain do not count. */
    private static final int COMMANDS = 200;

    private final AtomicInteger calls = new AtomicInteger();
    private final List<Chain> chains = new ArrayList<>();

    @Override
    public void connect() throws IOException {
        super.connect();
        for (int i = 0; i < CALLERS; i++) {
            chains.add(new Chain(client, command()));
        }
    }

    private UpdateCommand command() {
        return SampleCall.offer("call-" + calls.incrementAndGet() + "@192.0.2.10");
    }

    /** A caller whose thread waits for the reply. */
    @State(Scope.Thread)
    @SuppressWarnings("NullAway.Init")
    public static class Caller {
        private UpdateCommand command;

        @Setup
        public void begin(RoundTripBenchmark all) {
            command = all.command();
        }
    }

    private ByteBuffer encoded() {
        Wire wire = new Wire();
        int length = wire.encode(command());
        return ByteBuffer.allocateDirect(length).put(wire.encoded(), 0, length);
    }

    /** One connected socket and its buffers. */
    @State(Scope.Thread)
    @SuppressWarnings("NullAway.Init")
    public static class BareSocket {
        private final ByteBuffer in = ByteBuffer.allocateDirect(1024);
        private ByteBuffer out;
        private AFUNIXSocketChannel channel;

        @Setup
        public void connect(RoundTripBenchmark all) throws IOException {
            out = all.encoded();
            channel = AFUNIXSocketChannel.open(AFUNIXSocketAddress.of(all.peer.path()));
        }

        @TearDown
        public void close() throws IOException {
            channel.close();
        }

        /** Sends the command and returns the reply, from the beginning of the buffer. */
        ByteBuffer ask() throws IOException {
            channel.write(out.rewind());
            channel.read(in.clear());
            return in;
        }
    }

    /** The selectors of one thread: for all connections, and for one. */
    @State(Scope.Thread)
    @SuppressWarnings("NullAway.Init")
    public static class BareSelectors {
        private BareSelector full;
        private BareSelector alone;

        @Setup
        public void connect(RoundTripBenchmark all) throws IOException {
            full = new BareSelector(all.peer.path(), CONNECTIONS, all.encoded());
            alone = new BareSelector(all.peer.path(), 1, all.encoded());
        }

        @TearDown
        public void close() throws IOException {
            full.close();
            alone.close();
        }
    }

    /** 32 callers that continue when the reply has arrived, on four connections. */
    @Benchmark
    @BenchmarkMode(Mode.Throughput)
    @OutputTimeUnit(TimeUnit.SECONDS)
    @OperationsPerInvocation(CALLERS * COMMANDS)
    public void clientFull() {
        CompletableFuture<?>[] ends = new CompletableFuture<?>[CALLERS];
        for (int i = 0; i < CALLERS; i++) {
            ends[i] = chains.get(i).run(COMMANDS);
        }
        CompletableFuture.allOf(ends).join();
    }

    /** 32 threads that wait, on four connections. */
    @Benchmark
    @Threads(CALLERS)
    @BenchmarkMode(Mode.Throughput)
    @OutputTimeUnit(TimeUnit.SECONDS)
    public DispatcherReply clientFullWaiting(Caller caller) {
        return client.update(caller.command).join();
    }

    /** Four threads with one socket each. */
    @Benchmark
    @Threads(CONNECTIONS)
    @BenchmarkMode(Mode.Throughput)
    @OutputTimeUnit(TimeUnit.SECONDS)
    public ByteBuffer socketsFull(BareSocket socket) throws IOException {
        return socket.ask();
    }

    /** One thread that waits for four sockets. */
    @Benchmark
    @BenchmarkMode(Mode.Throughput)
    @OutputTimeUnit(TimeUnit.SECONDS)
    @OperationsPerInvocation(CALLERS * COMMANDS)
    public ByteBuffer selectorFull(BareSelectors selectors) throws IOException {
        return selectors.full.ask(CALLERS * COMMANDS);
    }

    /** One caller that continues when the reply has arrived. */
    @Benchmark
    @BenchmarkMode({Mode.SampleTime, Mode.AverageTime})
    @OperationsPerInvocation(COMMANDS)
    public DispatcherReply clientAlone() {
        return chains.get(0).run(COMMANDS).join();
    }

    /** One thread that waits. */
    @Benchmark
    @BenchmarkMode({Mode.SampleTime, Mode.AverageTime})
    public DispatcherReply clientAloneWaiting(Caller caller) {
        return client.update(caller.command).join();
    }

    /** One thread with one socket. */
    @Benchmark
    @BenchmarkMode({Mode.SampleTime, Mode.AverageTime})
    public ByteBuffer socketAlone(BareSocket socket) throws IOException {
        return socket.ask();
    }

    /** One thread with a selector and one socket. */
    @Benchmark
    @BenchmarkMode({Mode.SampleTime, Mode.AverageTime})
    @OperationsPerInvocation(COMMANDS)
    public ByteBuffer selectorAlone(BareSelectors selectors) throws IOException {
        return selectors.alone.ask(COMMANDS);
    }
}
