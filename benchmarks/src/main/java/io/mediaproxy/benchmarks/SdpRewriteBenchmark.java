package io.mediaproxy.benchmarks;

import io.mediaproxy.sdp.IceCandidate;
import io.mediaproxy.sdp.RelayEndpoints;
import io.mediaproxy.sdp.SdpEdits;
import io.mediaproxy.sdp.SdpIndex;
import io.mediaproxy.sdp.SdpRewriter;
import javax.sdp.SdpException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * Rewrites one SDP body for a relay: our way, the part of it that is reading, other ways to the same result, and the
 * two floors that no rewrite can go below.
 */
public class SdpRewriteBenchmark extends SingleThreadBenchmark {
    static final int[] RELAY_PORTS = {50000, 50004};

    /** A rewrite makes these bodies longer by a few digits at most. */
    private static final int ROOM = 256;

    @Param({"audio", "audio-video", "webrtc"})
    String sample = "";

    // Package-private for the test that compares the results of these methods.
    byte[] body = {};
    byte[] target = {};
    LineIndex lines = new LineIndex(0);

    private RelayEndpoints relay = RelayEndpoints.of(SampleCall.RELAY, RELAY_PORTS);
    private SdpIndex index = new SdpIndex();
    private SdpEdits edits = new SdpEdits();
    private OtherRewrites others = new OtherRewrites(SampleCall.RELAY, RELAY_PORTS);

    @Setup
    public void readSample() {
        body = SampleCall.sdp(sample);
        target = new byte[body.length + ROOM];
        lines = new LineIndex(body.length);
    }

    /** Reads, plans and writes the new body: all the work for one message. */
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

    /** Makes the same body, except for the order of its lines, with the object model of JAIN-SDP. */
    @Benchmark
    public byte[] jainSdp() throws SdpException {
        return others.jainSdp(body);
    }

    /** Makes the same body with regular expressions of the JDK. */
    @Benchmark
    public byte[] regex() {
        return others.regex(body);
    }

    /** Makes the same body with {@code String.split} and {@code String.join}. */
    @Benchmark
    public byte[] split() {
        return others.split(body);
    }

    /** Copies the bytes: the floor of any output. */
    @Benchmark
    public byte[] copyFloor() {
        System.arraycopy(body, 0, target, 0, body.length);
        return target;
    }

    /** Finds every line and reads its first letter: the floor of any reading. */
    @Benchmark
    public int lineIndexFloor() {
        return lines.fill(body);
    }
}
