package io.mediaproxy.benchmarks;

import io.mediaproxy.sdp.IceCandidate;
import io.mediaproxy.sdp.RelayEndpoints;
import io.mediaproxy.sdp.SdpEdits;
import io.mediaproxy.sdp.SdpIndex;
import io.mediaproxy.sdp.SdpLimits;
import io.mediaproxy.sdp.SdpRewriter;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
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

/**
 * A rewrite over the size of the body: beyond a kilobyte each byte has to cost the same. State is neither static nor final
 * for the reason that {@link SdpRewriteBenchmark} gives.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class SdpSizeBenchmark {
    /** What a rewrite adds to a stream at most here: an address and two ports get some digits longer. */
    private static final int ROOM = SizedBody.STREAMS * 16;

    @Param({"256", "512", "1024", "2048", "4096", "8192", "16384", "32768", "65536"})
    int bytes;

    @Param
    SizedBody shape = SizedBody.MORE_STREAMS;

    private byte[] body = {};
    private byte[] target = {};
    private RelayEndpoints relay = everyStreamRelayed();
    private SdpIndex index = new SdpIndex(new SdpLimits(64 * 1024, SizedBody.STREAMS, 8 * 1024));
    private SdpEdits edits = new SdpEdits();

    private static RelayEndpoints everyStreamRelayed() {
        int[] ports = new int[SizedBody.STREAMS];
        Arrays.setAll(ports, stream -> 50000 + 2 * stream);
        return RelayEndpoints.of(SdpRewriteBenchmark.RELAY_ADDRESS, ports);
    }

    @Setup
    public void makeBody() {
        body = shape.bytes(bytes);
        target = new byte[body.length + ROOM];
    }

    /** Reads, plans and writes the new body, with a candidate for the relay where the stream has ICE. */
    @Benchmark
    public int rewrite() {
        index.parse(body, 0, body.length);
        SdpRewriter.plan(index, relay, IceCandidate.HIGH_PRIORITY, edits);
        return edits.writeTo(target, 0);
    }

    // For the test that looks at what was written.

    byte[] body() {
        return body;
    }

    byte[] target() {
        return target;
    }
}
