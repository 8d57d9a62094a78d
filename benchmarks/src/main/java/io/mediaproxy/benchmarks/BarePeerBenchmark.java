package io.mediaproxy.benchmarks;

import io.mediaproxy.protocol.DispatcherClient;
import io.mediaproxy.protocol.DispatcherConfig;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Settings of the benchmarks with sockets, and a client that is connected to a {@link BarePeer}. */
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // JMH calls @Setup first.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public abstract class BarePeerBenchmark {
    static final int CONNECTIONS = 4;

    BarePeer peer;
    DispatcherClient client;

    @Setup // only here: JMH calls an overriding method again if it is annotated too
    public void connect() throws IOException {
        peer = new BarePeer();
        client = DispatcherClient.open(DispatcherConfig.builder(peer.path())
                .maxConnections(CONNECTIONS)
                .build());
    }

    @TearDown
    public void close() throws IOException {
        client.close();
        peer.close();
    }
}
