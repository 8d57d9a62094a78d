package io.mediaproxy.benchmarks;

import io.mediaproxy.protocol.UpdateCommand;
import io.mediaproxy.protocol.Wire;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The way of a command up to its bytes. State is neither static nor final for the reason that {@link SdpRewriteBenchmark} gives.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CommandEncodeBenchmark {
    private String callId = "3848276298220188511@atlanta.example.com";
    private UpdateCommand command = SampleCommand.update(callId);
    private Wire wire = new Wire();

    /** Checks the values of a command and its two streams, and keeps them. */
    @Benchmark
    public UpdateCommand check() {
        return SampleCommand.update(callId);
    }

    /** Writes the bytes into an array that is used again. */
    @Benchmark
    public int encode() {
        return wire.encode(command);
    }

    Wire wire() {
        return wire;
    }
}
