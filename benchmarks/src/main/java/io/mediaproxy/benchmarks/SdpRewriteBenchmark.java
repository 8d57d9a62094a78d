package io.mediaproxy.benchmarks;

import io.mediaproxy.sdp.IceCandidate;
import io.mediaproxy.sdp.RelayEndpoints;
import io.mediaproxy.sdp.SdpEdits;
import io.mediaproxy.sdp.SdpIndex;
import io.mediaproxy.sdp.SdpRewriter;
import java.util.concurrent.TimeUnit;
import javax.sdp.SdpException;
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
 * One body of a call, rewritten for a relay: what it takes, what of it is reading, what others take for the same result, and
 * the two floors that no rewriting can go below.
 *
 * <p>The state is deliberately neither static nor final: a constant would be folded into the compiled code, and the
 * compiler would rewrite at compile time what is to be measured. Index, edits and target are reused from call to call, as
 * a server would have them; the body's bytes are read from the field each time. Each method returns what it made or how
 * long that is, and what it writes goes to an array that outlives the call, so nothing of the work can be dropped.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class SdpRewriteBenchmark {
    static final String RELAY_ADDRESS = "198.51.100.20";
    static final int[] RELAY_PORTS = {50000, 50004};

    /** What a rewrite adds to these bodies at most: nothing here gets more than a few digits longer. */
    private static final int ROOM = 256;

    @Param({"audio", "audio-video", "webrtc"})
    String sample = "";

    private byte[] body = {};
    private byte[] target = {};
    private RelayEndpoints relay = RelayEndpoints.of(RELAY_ADDRESS, RELAY_PORTS);
    private SdpIndex index = new SdpIndex();
    private SdpEdits edits = new SdpEdits();
    private JainSdpRewrite jain = new JainSdpRewrite(RELAY_ADDRESS, RELAY_PORTS);
    private RegexRewrite regex = new RegexRewrite(RELAY_ADDRESS, RELAY_PORTS);
    private SplitRewrite split = new SplitRewrite(RELAY_ADDRESS, RELAY_PORTS);
    private LineIndex lines = new LineIndex(0);

    @Setup
    public void readSample() {
        body = SampleBody.named(sample);
        target = new byte[body.length + ROOM];
        lines = new LineIndex(body.length);
    }

    /** Reads, plans and writes the new body: the whole of what a call needs. */
    @Benchmark
    public int rewrite() {
        index.parse(body, 0, body.length);
        SdpRewriter.plan(index, relay, IceCandidate.NONE, edits);
        return edits.writeTo(target, 0);
    }

    /** Only reads. */
    @Benchmark
    public int parse() {
        index.parse(body, 0, body.length);
        return index.supportedCount();
    }

    /** The same new body, but for the order of its lines, through JAIN-SDP's object model. */
    @Benchmark
    public byte[] jainSdp() throws SdpException {
        return jain.rewrite(body);
    }

    /** The same new body with the JDK's regular expressions. */
    @Benchmark
    public byte[] regex() {
        return regex.rewrite(body);
    }

    /** The same new body with {@code String.split} and {@code String.join}. */
    @Benchmark
    public byte[] split() {
        return split.rewrite(body);
    }

    /** The floor of any output: a copy of the bytes. */
    @Benchmark
    public byte[] copyFloor() {
        System.arraycopy(body, 0, target, 0, body.length);
        return target;
    }

    /** The floor of any reading: finds every line and looks at its first letter. */
    @Benchmark
    public int lineIndexFloor() {
        return lines.fill(body);
    }

    // For the test that holds these methods against each other.

    byte[] body() {
        return body;
    }

    byte[] target() {
        return target;
    }

    LineIndex lines() {
        return lines;
    }
}
