package io.mediaproxy.cli.pcap;

import io.mediaproxy.sdp.BodyHeaders;
import io.mediaproxy.sdp.SdpBody;
import io.mediaproxy.sdp.SdpLimits;
import io.mediaproxy.session.sip.RawSipMessage;
import io.mediaproxy.session.sip.SipSyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A SIP message of the capture.
 *
 * @param packet number of the packet that completed it
 * @param nanos time of that packet, since 1970
 */
record CapturedMessage(
        long packet, long nanos, Endpoint source, Endpoint destination, RawSipMessage sip, String startLine) {
    private static final String VERSION = "SIP/2.0";
    private static final int MAX_LINE = 4096;
    private static final int MAX_NAME = 40;
    private static final int TRYING = 100;
    private static final int FIRST_FAILURE = 300;
    private static final Set<String> MAY_CARRY_SDP = Set.of("INVITE", "ACK", "PRACK", "UPDATE");

    private static final Pattern TAG = Pattern.compile(";\\s*tag\\s*=\\s*([^\\s;]+)", Pattern.CASE_INSENSITIVE);
    private static final Pattern BRANCH =
            Pattern.compile("^[^,]*;\\s*branch\\s*=\\s*(z9hG4bK[^\\s;,]+)", Pattern.CASE_INSENSITIVE);
    private static final Pattern SENT_BY = Pattern.compile("^\\s*\\S+\\s+([^\\s;,]+)");

    /**
     * Reads the payload of a datagram.
     *
     * @return null if the first line is not one of SIP
     * @throws SipSyntaxException if the first line is one of SIP and the rest is not
     */
    static @Nullable CapturedMessage read(long packet, long nanos, Datagram datagram) {
        ByteBuffer payload = datagram.payload();
        String line = firstLine(payload);
        boolean response = line.startsWith(VERSION + " ");
        boolean request = line.endsWith(" " + VERSION) && line.indexOf(' ') > 0;
        if (!request && !response) {
            return null;
        }
        Endpoint source = datagram.source();
        RawSipMessage sip =
                RawSipMessage.parse(payload.array(), payload.arrayOffset(), payload.limit(), source.address());
        return new CapturedMessage(packet, nanos, source, datagram.destination(), sip, line);
    }

    /** Without the empty lines before it. */
    private static String firstLine(ByteBuffer payload) {
        int start = 0;
        while (start < payload.limit() && (payload.get(start) == '\r' || payload.get(start) == '\n')) {
            start++;
        }
        int limit = Math.min(payload.limit(), start + MAX_LINE);
        int end = start;
        while (end < limit && payload.get(end) != '\n' && payload.get(end) != 0) {
            end++;
        }
        return StandardCharsets.UTF_8
                .decode(payload.slice(start, end - start))
                .toString()
                .stripTrailing();
    }

    /** The method of a request; status code and reason phrase of a response, and its method if that is not INVITE. */
    String label() {
        String method = cut(sip.method());
        if (sip.isRequest()) {
            return method;
        }
        String status = cut(startLine.substring(VERSION.length()).strip());
        return sip.method().equals("INVITE") ? status : status + " (" + method + ")";
    }

    private static String cut(String text) {
        return text.length() <= MAX_NAME ? text : text.substring(0, MAX_NAME) + "...";
    }

    /** Whether it carries an offer or an answer, readable or not; a body of another type or disposition is neither. */
    boolean hasSdp() {
        boolean mayCarry = MAY_CARRY_SDP.contains(sip.method())
                && (sip.isRequest() || (sip.statusCode() > TRYING && !isRefusal()));
        BodyHeaders headers = new BodyHeaders(
                sip.header("Content-Type"), sip.header("Content-Disposition"), sip.header("Content-Encoding"));
        return mayCarry
                && !SdpBody.find(headers, sip.bodyArray(), sip.bodyOffset(), sip.bodyLength(), SdpLimits.DEFAULT)
                        .isAbsent();
    }

    boolean isRequest(String method) {
        return sip.isRequest() && sip.method().equals(method);
    }

    boolean isResponse(String method) {
        return !sip.isRequest() && sip.method().equals(method);
    }

    /** Whether it is a response from 300 on. */
    boolean isRefusal() {
        return sip.statusCode() >= FIRST_FAILURE;
    }

    /** Whether it is an INVITE outside of a dialog. */
    boolean beginsCall() {
        return isRequest("INVITE") && !fromTag().isEmpty() && toTag().isEmpty();
    }

    /** Empty if there is none. */
    String fromTag() {
        return tag(header("From"));
    }

    /** Empty if there is none. */
    String toTag() {
        return tag(header("To"));
    }

    private static String tag(String address) {
        Matcher tag = TAG.matcher(address.substring(address.lastIndexOf('>') + 1));
        return tag.find() ? tag.group(1) : "";
    }

    /**
     * Identifies the transaction on this hop (RFC 3261 17.1.3): the topmost Via's branch, or its host and port if the
     * branch is that of an older RFC. Requests, their CANCEL and their responses have it in common.
     */
    String transaction() {
        String via = header("Via");
        Matcher branch = BRANCH.matcher(via);
        if (branch.find()) {
            return branch.group(1);
        }
        Matcher sentBy = SENT_BY.matcher(via);
        return sentBy.find() ? sentBy.group(1) : "";
    }

    /** Empty if the message has no such header field. */
    String header(String name) {
        String value = sip.header(name);
        return value == null ? "" : value;
    }

    /** Equal for equal bodies. */
    long bodyChecksum() {
        CRC32C crc = new CRC32C();
        crc.update(sip.bodyArray(), sip.bodyOffset(), sip.bodyLength());
        return crc.getValue() << Integer.SIZE | sip.bodyLength();
    }
}
