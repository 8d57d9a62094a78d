package io.mediaproxy.benchmarks;

import io.mediaproxy.embedded.EmbeddedDispatcher;
import io.mediaproxy.protocol.RemoveCommand;
import io.mediaproxy.protocol.UpdateCommand;
import io.mediaproxy.protocol.Wire;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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
 * Commands per second of {@link EmbeddedDispatcher} with its one relay, asked over plain blocking sockets. Each connection has a
 * call of its own that begins and ends: an {@code update} with two streams, for which the relay opens its ports, and a
 * {@code remove}. {@link CpuProfiler} adds the processor time for each, clients included.
 */
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // The harness calls @Setup before anything else.
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class EmbeddedDispatcherBenchmark {
    private static final int COMMANDS = 2;

    private final AtomicInteger calls = new AtomicInteger();
    private EmbeddedDispatcher dispatcher;

    @Setup
    public void start() {
        dispatcher = EmbeddedDispatcher.start();
    }

    @TearDown
    public void close() {
        dispatcher.close();
    }

    /** One connection and its call. */
    @State(Scope.Thread)
    @SuppressWarnings("NullAway.Init")
    public static class Connection {
        private final ByteBuffer in = ByteBuffer.allocateDirect(1024);
        private ByteBuffer update;
        private ByteBuffer remove;
        private SocketChannel channel;

        @Setup
        public void connect(EmbeddedDispatcherBenchmark all) throws IOException {
            UpdateCommand offer = SampleCommand.update("call-" + all.calls.incrementAndGet() + "@192.0.2.10");
            Wire wire = new Wire();
            update = direct(wire, wire.encode(offer));
            remove = direct(wire, wire.encode(new RemoveCommand(offer.callId(), offer.fromTag(), offer.toTag())));
            channel = SocketChannel.open(UnixDomainSocketAddress.of(all.dispatcher.socket()));
        }

        private static ByteBuffer direct(Wire wire, int length) {
            return ByteBuffer.allocateDirect(length).put(wire.encoded(), 0, length);
        }

        @TearDown
        public void close() throws IOException {
            channel.close();
        }

        /** What came, from the beginning of the buffer. */
        ByteBuffer update() throws IOException {
            return ask(update);
        }

        ByteBuffer remove() throws IOException {
            return ask(remove);
        }

        private ByteBuffer ask(ByteBuffer command) throws IOException {
            channel.write(command.rewind());
            channel.read(in.clear());
            return in;
        }
    }

    private static int call(Connection connection) throws IOException {
        return connection.update().position() + connection.remove().position();
    }

    @Benchmark
    @Threads(1)
    @OperationsPerInvocation(COMMANDS)
    public int connections1(Connection connection) throws IOException {
        return call(connection);
    }

    @Benchmark
    @Threads(4)
    @OperationsPerInvocation(COMMANDS)
    public int connections4(Connection connection) throws IOException {
        return call(connection);
    }

    @Benchmark
    @Threads(8)
    @OperationsPerInvocation(COMMANDS)
    public int connections8(Connection connection) throws IOException {
        return call(connection);
    }

    @Benchmark
    @Threads(32)
    @OperationsPerInvocation(COMMANDS)
    public int connections32(Connection connection) throws IOException {
        return call(connection);
    }
}
