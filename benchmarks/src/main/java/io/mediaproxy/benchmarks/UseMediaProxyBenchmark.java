package io.mediaproxy.benchmarks;

import gov.nist.javax.sip.message.SIPMessage;
import gov.nist.javax.sip.parser.StringMsgParser;
import io.mediaproxy.jainsip.JainSipMediaProxy;
import io.mediaproxy.pkts.PktsMediaProxy;
import io.mediaproxy.protocol.DispatcherClient;
import io.mediaproxy.protocol.DispatcherConfig;
import io.mediaproxy.protocol.DispatcherReply;
import io.mediaproxy.protocol.UpdateCommand;
import io.mediaproxy.sdp.IceCandidate;
import io.mediaproxy.sdp.RelayEndpoints;
import io.mediaproxy.sdp.SdpEdits;
import io.mediaproxy.sdp.SdpIndex;
import io.mediaproxy.sdp.SdpRewriter;
import io.mediaproxy.session.CallAttributes;
import io.mediaproxy.session.MediaProxy;
import io.mediaproxy.session.MediaProxyResult;
import io.mediaproxy.session.sip.RawSipMessage;
import io.pkts.packet.sip.SipMessage;
import java.io.IOException;
import java.text.ParseException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
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

/**
 * {@code use_media_proxy} for an INVITE with sound and picture: the bytes of a SIP message in, the bytes of the rewritten one out,
 * with a {@link BarePeer} for dispatcher. Three ways to go, and what of each is whose: the stack's parser, the command, the
 * round trip, the rewriting, the new content.
 */
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // The harness calls @Setup before anything else.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class UseMediaProxyBenchmark {
    private final byte[] sdp = SampleBody.named("audio-video");
    private final byte[] invite = SampleInvite.around(sdp);
    private final byte[] target = new byte[sdp.length + 256];
    private final StringMsgParser jainParser = new StringMsgParser();
    private final SdpIndex index = new SdpIndex();
    private final SdpEdits edits = new SdpEdits();
    private final RelayEndpoints relay = RelayEndpoints.of(BarePeer.ADDRESS, BarePeer.PORTS);
    private final UpdateCommand command = SampleCommand.update("3848276298220188511@atlanta.example.com");

    private BarePeer peer;
    private DispatcherClient client;
    private MediaProxy mediaProxy;
    private JainSipMediaProxy jainMediaProxy;
    private PktsMediaProxy pktsMediaProxy;

    @Setup
    public void connect() throws IOException {
        peer = BarePeer.start();
        client = DispatcherClient.open(DispatcherConfig.builder(peer.path()).build());
        mediaProxy = MediaProxy.builder().dispatcherSocket(peer.path()).build();
        jainMediaProxy = new JainSipMediaProxy(mediaProxy);
        pktsMediaProxy = new PktsMediaProxy(mediaProxy);
    }

    @TearDown
    public void close() throws IOException {
        mediaProxy.close();
        client.close();
        peer.close();
    }

    /** Without a stack: the message's bytes are read in place. */
    @Benchmark
    public byte[] rawMessage() {
        RawSipMessage message = RawSipMessage.parse(invite, SampleInvite.SOURCE);
        MediaProxyResult result = mediaProxy.useMediaProxy(message);
        return message.withBody(result.body().orElseThrow());
    }

    @Benchmark
    public byte[] pkts() throws IOException {
        SipMessage message = SipMessage.frame(invite);
        return pktsMediaProxy
                .useMediaProxy(message, SampleInvite.SOURCE)
                .message()
                .toBuffer()
                .getRawArray();
    }

    @Benchmark
    public byte[] jainSip() throws ParseException {
        SIPMessage message = jainParse();
        jainMediaProxy.useMediaProxy(message, SampleInvite.SOURCE, CallAttributes.NONE);
        return message.encodeAsBytes("udp");
    }

    @Benchmark
    public RawSipMessage rawMessageParse() {
        return RawSipMessage.parse(invite, SampleInvite.SOURCE);
    }

    /** pkts only frames here; what is asked of a message later is parsed then. */
    @Benchmark
    public SipMessage pktsParse() throws IOException {
        return SipMessage.frame(invite);
    }

    @Benchmark
    public SIPMessage jainParse() throws ParseException {
        return jainParser.parseSIPMessage(invite, true, false, null);
    }

    /** Parses and prints again, without anything in between: the least that a JAIN-SIP server pays for a message. */
    @Benchmark
    public byte[] jainParseAndEncode() throws ParseException {
        return jainParse().encodeAsBytes("udp");
    }

    /** From the values of a command to its reply, on a thread that waits for it as the three ways above do. */
    @Benchmark
    public DispatcherReply roundTrip() {
        return client.update(command).join();
    }

    /** Finds the streams in the body, and writes the new one. */
    @Benchmark
    public int sdpRewrite() {
        index.parse(sdp, 0, sdp.length);
        SdpRewriter.plan(index, relay, IceCandidate.NONE, edits);
        return edits.writeTo(target, 0);
    }

    /** The new message around the new body, without a stack. */
    @Benchmark
    public byte[] rawMessageContent() {
        return RawSipMessage.parse(invite, SampleInvite.SOURCE).withBody(sdp);
    }
}
