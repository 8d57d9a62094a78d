package io.mediaproxy.benchmarks;

import gov.nist.javax.sip.message.SIPMessage;
import gov.nist.javax.sip.parser.StringMsgParser;
import io.mediaproxy.jainsip.JainSipMediaProxy;
import io.mediaproxy.pkts.PktsMediaProxy;
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
import org.openjdk.jmh.annotations.Benchmark;

/**
 * {@code use_media_proxy} for an INVITE with audio and video, from the bytes of the SIP message to those of the
 * rewritten one, with a {@link BarePeer} as dispatcher: without a stack and through both adapters, and the parts of
 * each.
 */
@SuppressWarnings("NullAway.Init") // JMH calls @Setup first.
public class UseMediaProxyBenchmark extends BarePeerBenchmark {
    private final byte[] sdp = SampleCall.sdp("audio-video");
    private final byte[] invite = SampleCall.invite(sdp);
    private final byte[] target = new byte[sdp.length + 256];
    private final StringMsgParser jainParser = new StringMsgParser();
    private final SdpIndex index = new SdpIndex();
    private final SdpEdits edits = new SdpEdits();
    private final RelayEndpoints relay = RelayEndpoints.of(BarePeer.ADDRESS, BarePeer.PORTS);
    private final UpdateCommand command = SampleCall.offer(SampleCall.CALL_ID);

    private MediaProxy mediaProxy;
    private JainSipMediaProxy jainMediaProxy;
    private PktsMediaProxy pktsMediaProxy;

    @Override
    public void connect() throws IOException {
        super.connect();
        mediaProxy = MediaProxy.builder().dispatcherSocket(peer.path()).build();
        jainMediaProxy = new JainSipMediaProxy(mediaProxy);
        pktsMediaProxy = new PktsMediaProxy(mediaProxy);
    }

    @Override
    public void close() throws IOException {
        mediaProxy.close();
        super.close();
    }

    /** Without a stack: reads the bytes of the message in place. */
    @Benchmark
    public byte[] rawMessage() {
        RawSipMessage message = RawSipMessage.parse(invite, SampleCall.CALLER);
        MediaProxyResult result = mediaProxy.useMediaProxy(message);
        return message.withBody(result.body().orElseThrow());
    }

    @Benchmark
    public byte[] pkts() throws IOException {
        SipMessage message = SipMessage.frame(invite);
        return pktsMediaProxy
                .useMediaProxy(message, SampleCall.CALLER)
                .message()
                .toBuffer()
                .getRawArray();
    }

    @Benchmark
    public byte[] jainSip() throws ParseException {
        SIPMessage message = jainParse();
        jainMediaProxy.useMediaProxy(message, SampleCall.CALLER, CallAttributes.NONE);
        return message.encodeAsBytes("udp");
    }

    @Benchmark
    public RawSipMessage rawMessageParse() {
        return RawSipMessage.parse(invite, SampleCall.CALLER);
    }

    /** pkts only frames the message here; it parses a header field when it is first read. */
    @Benchmark
    public SipMessage pktsParse() throws IOException {
        return SipMessage.frame(invite);
    }

    @Benchmark
    public SIPMessage jainParse() throws ParseException {
        return jainParser.parseSIPMessage(invite, true, false, null);
    }

    /** Parses the message and writes it again: the least that a JAIN-SIP server pays for a message. */
    @Benchmark
    public byte[] jainParseAndEncode() throws ParseException {
        return jainParse().encodeAsBytes("udp");
    }

    /**
     * Parses the message, waits for a reply, and writes the message again: the least that a JAIN-SIP server pays for a
     * message with a relay. More than the sum of its parts, since the caches are cold after the wait.
     */
    @Benchmark
    public byte[] jainAroundRoundTrip() throws ParseException {
        SIPMessage message = jainParse();
        client.update(command).join();
        return message.encodeAsBytes("udp");
    }

    /** Sends a command and waits for the reply, as the three methods above do. */
    @Benchmark
    public DispatcherReply roundTrip() {
        return client.update(command).join();
    }

    /** Reads the body and writes the new one. */
    @Benchmark
    public int sdpRewrite() {
        index.parse(sdp, 0, sdp.length);
        SdpRewriter.plan(index, relay, IceCandidate.NONE, edits);
        return edits.writeTo(target, 0);
    }

    /** Reads the message and writes it with another body, without a stack. */
    @Benchmark
    public byte[] rawMessageContent() {
        return RawSipMessage.parse(invite, SampleCall.CALLER).withBody(sdp);
    }
}
