package io.mediaproxy.benchmarks;

import io.mediaproxy.protocol.DispatcherReply;
import io.mediaproxy.protocol.Wire;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** From a reply's bytes, in the direct buffer that a socket is read into, to its value. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ReplyParseBenchmark {
    @Param({"81.23.228.129 50000 50004", "removed", "error"})
    String line = "";

    private ByteBuffer bytes = ByteBuffer.allocateDirect(64);
    private Wire wire = new Wire();

    @Setup
    public void fill() {
        bytes.clear().put((line + "\r\n").getBytes(StandardCharsets.US_ASCII)).flip();
    }

    /** Reads the line. */
    @Benchmark
    public @Nullable DispatcherReply parse() {
        return wire.parse(bytes.rewind());
    }
}
