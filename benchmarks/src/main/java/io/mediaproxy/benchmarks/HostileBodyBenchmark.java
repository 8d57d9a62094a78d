package io.mediaproxy.benchmarks;

import io.mediaproxy.sdp.IceCandidate;
import io.mediaproxy.sdp.RelayEndpoints;
import io.mediaproxy.sdp.SdpBody;
import io.mediaproxy.sdp.SdpEdits;
import io.mediaproxy.sdp.SdpIndex;
import io.mediaproxy.sdp.SdpRewriter;
import io.mediaproxy.sdp.SdpSyntaxException;
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
 * The worst that 64 KiB can do: the cost has to be that of its bytes, whatever they are. No body here may take as much as a
 * millisecond. State is neither static nor final for the reason that {@link SdpRewriteBenchmark} gives.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class HostileBodyBenchmark {
    /** What {@link #answer} gives for a body without SDP. */
    static final int NO_SDP = 0;

    /** What {@link #answer} gives for SDP that is refused. */
    static final int REFUSED = -1;

    @Param
    HostileBody hostile = HostileBody.MEDIA_LINES;

    private byte[] body = {};
    private String contentType = "";
    private RelayEndpoints relay = everyStreamRelayed();
    private SdpIndex index = new SdpIndex();
    private SdpEdits edits = new SdpEdits();

    private static RelayEndpoints everyStreamRelayed() {
        int[] ports = new int[32];
        Arrays.setAll(ports, stream -> 50000 + 2 * stream);
        return RelayEndpoints.of(SdpRewriteBenchmark.RELAY_ADDRESS, ports);
    }

    @Setup
    public void makeBody() {
        body = hostile.bytes();
        contentType = hostile.contentType();
    }

    /**
     * Finds the SDP, reads it and plans: up to the first step that says no. A refusal is an answer too, its exception with
     * its message and stack trace included.
     *
     * @return the number of edits, {@link #NO_SDP} or {@link #REFUSED}
     */
    @Benchmark
    public int answer() {
        SdpBody found = SdpBody.find(contentType, body, 0, body.length);
        if (!found.isPresent()) {
            return NO_SDP;
        }
        try {
            index.parse(found);
        } catch (SdpSyntaxException refusal) {
            return REFUSED;
        }
        SdpRewriter.plan(index, relay, IceCandidate.HIGH_PRIORITY, edits);
        return edits.count();
    }
}
