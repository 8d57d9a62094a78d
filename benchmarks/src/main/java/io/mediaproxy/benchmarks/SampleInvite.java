package io.mediaproxy.benchmarks;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** An INVITE as a proxy gets it, around one of the sample bodies. */
final class SampleInvite {
    /** Where it came from. */
    static final String SOURCE = "192.0.2.10";

    private SampleInvite() {}

    static byte[] around(byte[] sdp) {
        String head = String.join(
                "\r\n",
                "INVITE sip:bob@biloxi.example.com SIP/2.0",
                "Via: SIP/2.0/UDP 192.0.2.10:5060;branch=z9hG4bK74bf9",
                "Max-Forwards: 70",
                "From: Alice <sip:alice@atlanta.example.com>;tag=9fxced76sl",
                "To: Bob <sip:bob@biloxi.example.com>",
                "Call-ID: 3848276298220188511@atlanta.example.com",
                "CSeq: 1 INVITE",
                "Contact: <sip:alice@192.0.2.10:5060;transport=udp>",
                "User-Agent: Example Phone/1.2.3",
                "Allow: INVITE, ACK, CANCEL, OPTIONS, BYE, REFER, NOTIFY, UPDATE, PRACK",
                "Supported: replaces, timer",
                "Content-Type: application/sdp",
                "Content-Length: " + sdp.length,
                "\r\n");
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        message.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
        message.writeBytes(sdp);
        return message.toByteArray();
    }
}
