package io.mediaproxy.benchmarks;

import io.mediaproxy.sdp.IceCandidate;
import io.mediaproxy.sdp.RelayEndpoints;
import io.mediaproxy.sdp.SdpBody;
import io.mediaproxy.sdp.SdpEdits;
import io.mediaproxy.sdp.SdpIndex;
import io.mediaproxy.sdp.SdpLimits;
import io.mediaproxy.sdp.SdpRewriter;
import io.mediaproxy.sdp.SdpSyntaxException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** Reads the worst bodies of 64 KiB. The cost must depend on the size only: no body may take a millisecond. */
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class HostileBodyBenchmark extends SingleThreadBenchmark {
    static final int NO_SDP = 0;
    static final int REFUSED = -1;

    @Param
    HostileBody hostile = HostileBody.MEDIA_LINES;

    private byte[] body = {};
    private String contentType = "";
    private RelayEndpoints relay = SampleCall.relay(32);
    /** Has room for a new body that is longer than the limit: otherwise the plan would be refused at its end. */
    private SdpIndex index = new SdpIndex(new SdpLimits(2 * HostileBody.BYTES, 32, 8 * 1024));

    private SdpEdits edits = new SdpEdits();

    @Setup
    public void makeBody() {
        body = hostile.bytes();
        contentType = hostile.contentType();
    }

    /**
     * Finds the SDP, reads it and plans, up to the first step that refuses the body. A refusal counts as an answer; its
     * time includes the exception with message and stack trace.
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
