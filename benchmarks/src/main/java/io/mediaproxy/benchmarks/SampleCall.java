package io.mediaproxy.benchmarks;

import io.mediaproxy.protocol.MediaStream;
import io.mediaproxy.protocol.UpdateCommand;
import io.mediaproxy.sdp.RelayEndpoints;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;

/** The call that the benchmarks use: SDP bodies of real calls, an INVITE, and the dispatcher command for its offer. */
public final class SampleCall {
    static final String CALL_ID = "3848276298220188511@atlanta.example.com";
    static final String CALLER = "192.0.2.10";
    static final String RELAY = "198.51.100.20";

    private SampleCall() {}

    /** Reads the SDP body of a sample, for instance {@code audio-video}. */
    public static byte[] sdp(String name) {
        try (InputStream in = SampleCall.class.getResourceAsStream("/samples/" + name + ".sdp")) {
            if (in == null) {
                throw new IllegalArgumentException("no sample is named \"" + name + "\"");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the sample " + name, e);
        }
    }

    /** Returns the command for an offer with audio and video, as long as in a real call. */
    public static UpdateCommand offer(String callId) {
        return UpdateCommand.builder(UpdateCommand.Type.REQUEST)
                .callId(callId)
                .cseq("1")
                .fromUri("alice@atlanta.example.com")
                .toUri("bob@biloxi.example.com")
                .fromTag("9fxced76sl")
                .userAgent("Example Phone/1.2.3")
                .signalingIp(CALLER)
                .media(List.of(
                        new MediaStream("audio", CALLER, 49170, "sendrecv", false),
                        new MediaStream("video", CALLER, 51372, "sendrecv", false)))
                .build();
    }

    /** Returns an INVITE with this body, as a proxy receives it. */
    static byte[] invite(byte[] sdp) {
        String head = """
                INVITE sip:bob@biloxi.example.com SIP/2.0
                Via: SIP/2.0/UDP 192.0.2.10:5060;branch=z9hG4bK74bf9
                Max-Forwards: 70
                From: Alice <sip:alice@atlanta.example.com>;tag=9fxced76sl
                To: Bob <sip:bob@biloxi.example.com>
                Call-ID: 3848276298220188511@atlanta.example.com
                CSeq: 1 INVITE
                Contact: <sip:alice@192.0.2.10:5060;transport=udp>
                User-Agent: Example Phone/1.2.3
                Allow: INVITE, ACK, CANCEL, OPTIONS, BYE, REFER, NOTIFY, UPDATE, PRACK
                Supported: replaces, timer
                Content-Type: application/sdp
                Content-Length: %d

                """.formatted(sdp.length).replace("\n", "\r\n");
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        message.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
        message.writeBytes(sdp);
        return message.toByteArray();
    }

    /** Returns an endpoint of the relay for each of this many streams. */
    static RelayEndpoints relay(int streams) {
        return RelayEndpoints.of(
                RELAY,
                IntStream.range(0, streams).map(stream -> 50000 + 2 * stream).toArray());
    }
}
