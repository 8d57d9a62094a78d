package io.mediaproxy.benchmarks;

import io.mediaproxy.protocol.DispatcherClient;
import io.mediaproxy.protocol.DispatcherConfig;
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
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * From a command to its reply: {@link DispatcherClient} beside the least that sockets can do, both against a {@link BarePeer}.
 *
 * <p>The peer runs in the same process and is the same for both: half of all cost is its own wherever it runs, and so one JVM, one
 * compiler and one collector serve both sides of the comparison. The bare sockets send the same bytes, block for the reply and
 * do not look at it; each thread has one for itself. The bare selector does the same for several sockets on one thread: what is between
 * it and the client is the client's own, what is between it and the sockets is the price of not blocking.
 *
 * <p>Callers come in two kinds. One goes on in what it chained to the future, as a SIP server that passes a message on; the other
 * has its thread wait for the future, which costs two more switches between threads, whatever the client does.
 */
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // The harness calls @Setup before anything else.
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class RoundTripBenchmark {
    static final int CONNECTIONS = 4;
    static final int CALLERS = 32;

    /** Each caller's; enough that its beginning and its end weigh nothing. */
    private static final int COMMANDS = 200;

    private final AtomicInteger calls = new AtomicInteger();
    private final List<Chain> chains = new ArrayList<>();
    private BarePeer peer;
    private DispatcherClient client;

    @Setup
    public void connect() throws IOException {
        peer = BarePeer.start();
        client = DispatcherClient.open(DispatcherConfig.builder(peer.path())
                .maxConnections(CONNECTIONS)
                .build());
        for (int i = 0; i < CALLERS; i++) {
            chains.add(new Chain(client, command()));
        }
    }

    @TearDown
    public void close() throws IOException {
        client.close();
        peer.close();
    }

    private UpdateCommand command() {
        return SampleCommand.update("call-" + calls.incrementAndGet() + "@192.0.2.10");
    }

    /** One who waits on a thread of its own. */
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

    /** One connected socket, and what goes over it. */
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

        /** What came, from the beginning of the buffer. */
        ByteBuffer ask() throws IOException {
            channel.write(out.rewind());
            channel.read(in.clear());
            return in;
        }
    }

    /** A thread's selectors: for all connections, and for one. */
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

    /** 32 callers that go on when the reply is there, on four connections. */
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

    /** The same with 32 threads that wait. */
    @Benchmark
    @Threads(CALLERS)
    @BenchmarkMode(Mode.Throughput)
    @OutputTimeUnit(TimeUnit.SECONDS)
    public DispatcherReply clientFullWaiting(Caller caller) {
        return client.update(caller.command).join();
    }

    /** Four threads with a socket each. */
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

    /** One caller that goes on when the reply is there. */
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
