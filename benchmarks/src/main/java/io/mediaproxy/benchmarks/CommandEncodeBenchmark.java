package io.mediaproxy.benchmarks;

import io.mediaproxy.protocol.UpdateCommand;
import io.mediaproxy.protocol.Wire;
import org.openjdk.jmh.annotations.Benchmark;

/** Makes a command and its bytes. */
public class CommandEncodeBenchmark extends SingleThreadBenchmark {
    Wire wire = new Wire(); // package-private for the test that checks the bytes

    private String callId = SampleCall.CALL_ID;
    private UpdateCommand command = SampleCall.offer(callId);

    /** Checks the values of a command and of its two streams, and stores them. */
    @Benchmark
    public UpdateCommand check() {
        return SampleCall.offer(callId);
    }

    /** Writes the bytes to a reused array. */
    @Benchmark
    public int encode() {
        return wire.encode(command);
    }
}
