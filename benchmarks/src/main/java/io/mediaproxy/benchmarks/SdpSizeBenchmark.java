package io.mediaproxy.benchmarks;

import io.mediaproxy.sdp.IceCandidate;
import io.mediaproxy.sdp.RelayEndpoints;
import io.mediaproxy.sdp.SdpEdits;
import io.mediaproxy.sdp.SdpIndex;
import io.mediaproxy.sdp.SdpLimits;
import io.mediaproxy.sdp.SdpRewriter;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** Rewrites bodies of growing size: from one kilobyte on, each byte has to cost the same. */
public class SdpSizeBenchmark extends SingleThreadBenchmark {
    /** A rewrite adds this much at most: an address and two ports of each stream get some digits longer. */
    private static final int ROOM = SizedBody.STREAMS * 16;

    @Param({"256", "512", "1024", "2048", "4096", "8192", "16384", "32768", "65536"})
    int bytes;

    @Param
    SizedBody shape = SizedBody.MORE_STREAMS;

    // Package-private for the test that checks the result.
    byte[] body = {};
    byte[] target = {};

    private RelayEndpoints relay = SampleCall.relay(SizedBody.STREAMS);
    private SdpIndex index = new SdpIndex(new SdpLimits(128 * 1024, SizedBody.STREAMS, 8 * 1024));
    private SdpEdits edits = new SdpEdits();

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
}
