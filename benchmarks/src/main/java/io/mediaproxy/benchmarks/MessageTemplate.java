package io.mediaproxy.benchmarks;

import io.mediaproxy.session.sip.RawSipMessage;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A SIP message of any call: its bytes, in which the digits of the call and of the CSeq are replaced. So a message of
 * each of many calls is as new to the processor's caches as one that the network has just delivered.
 */
final class MessageTemplate {
    private static final String CALL = "CALL____";
    private static final String CSEQ = "CSEQ____";
    private static final int DIGITS = 8;

    private final byte[] text;
    private final int[] calls;
    private final int[] cseqs;

    private MessageTemplate(String startLine, String toTag, String method, byte[] sdp) {
        String message = startLine
                + "\r\nVia: SIP/2.0/UDP 192.0.2.10:5060;branch=z9hG4bK" + CSEQ
                + "\r\nFrom: Alice <sip:alice@atlanta.example.com>;tag=" + CALL
                + "\r\nTo: Bob <sip:bob@biloxi.example.com>" + toTag
                + "\r\nCall-ID: " + CALL + "6298220188511@atlanta.example.com"
                + "\r\nCSeq: " + CSEQ + ' ' + method
                + "\r\nContact: <sip:alice@192.0.2.10:5060;transport=udp>"
                + "\r\nUser-Agent: Example Phone/1.2.3"
                + (sdp.length == 0 ? "" : "\r\nContent-Type: application/sdp")
                + "\r\nContent-Length: " + sdp.length
                + "\r\n\r\n" + new String(sdp, StandardCharsets.ISO_8859_1);
        text = message.getBytes(StandardCharsets.ISO_8859_1);
        calls = places(message, CALL);
        cseqs = places(message, CSEQ);
    }

    private static int[] places(String message, String name) {
        Matcher matcher = Pattern.compile(name).matcher(message);
        return matcher.results().mapToInt(result -> result.start()).toArray();
    }

    /** Makes a request; without To tag it begins a call. */
    static MessageTemplate request(String method, boolean inDialog, byte[] sdp) {
        String startLine = method + " sip:bob@biloxi.example.com SIP/2.0";
        return new MessageTemplate(startLine, inDialog ? ";tag=b" + CALL : "", method, sdp);
    }

    /** Makes the 200 to an INVITE. */
    static MessageTemplate answer(byte[] sdp) {
        return new MessageTemplate("SIP/2.0 200 OK", ";tag=b" + CALL, "INVITE", sdp);
    }

    RawSipMessage of(int call, int cseq) {
        byte[] message = text.clone();
        put(message, calls, call);
        put(message, cseqs, cseq);
        return RawSipMessage.parse(message, SampleCall.CALLER);
    }

    private static void put(byte[] message, int[] places, int number) {
        for (int place : places) {
            int rest = number;
            for (int i = place + DIGITS - 1; i >= place; i--) {
                message[i] = (byte) ('0' + rest % 10);
                rest /= 10;
            }
        }
    }
}
