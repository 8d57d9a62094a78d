package io.mediaproxy.cli;

import gov.nist.core.CommonLogger;
import io.mediaproxy.examples.jainsip.DatagramParser;
import io.mediaproxy.examples.phone.SipText;
import io.mediaproxy.examples.stateless.ListenAddress;
import io.mediaproxy.examples.stateless.Routing;
import io.mediaproxy.examples.stateless.StatelessForwarding;
import io.mediaproxy.jainsip.Slf4jStackLogger;
import io.mediaproxy.pkts.PktsMediaProxy;
import io.mediaproxy.sdp.BodyHeaders;
import io.mediaproxy.sdp.IceCandidate;
import io.mediaproxy.sdp.RelayEndpoints;
import io.mediaproxy.sdp.SdpBody;
import io.mediaproxy.sdp.SdpIndex;
import io.mediaproxy.sdp.SdpLimits;
import io.mediaproxy.sdp.SdpRewriter;
import io.mediaproxy.sdp.SdpSyntaxException;
import io.mediaproxy.session.sip.RawSipMessage;
import io.mediaproxy.session.sip.SipSyntaxException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One datagram full of anything costs no more than its bytes, in each reader of a message. JAIN-SIP itself takes
 * quadratic time for the parameters of a URI, and pkts for folds; the limit of a header field bounds both.
 */
class LinearWorkTest {
    private static final int DATAGRAM = 60_000;
    /** A header field of the length that {@link RawSipMessage} allows. */
    private static final int FIELD = 8000;

    private static final InetSocketAddress ADDRESS = new InetSocketAddress(InetAddress.getLoopbackAddress(), 5060);
    private static final RelayEndpoints RELAY = RelayEndpoints.of("192.0.2.9", 50000, 50002);
    private static final String SDP = "v=0\r\no=- 1 1 IN IP4 10.0.0.1\r\ns=-\r\nc=IN IP4 10.0.0.1\r\nt=0 0\r\n";
    private static final String STREAM = SDP + "m=audio 5000 RTP/AVP 0\r\na=ice-ufrag:a\r\na=ice-pwd:b\r\n";

    private static final List<String> NAMES = List.of(
            "Call-ID",
            "CSeq",
            "From",
            "To",
            "Content-Type",
            "Content-Disposition",
            "Content-Encoding",
            "User-Agent",
            "Server",
            "Contact",
            "Record-Route",
            "Via");

    /** As a stack does: without it, JAIN-SIP logs through log4j. */
    @BeforeAll
    static void logThroughSlf4j() {
        CommonLogger.legacyLogger = new Slf4jStackLogger();
    }

    private static IntFunction<String> repeated(String piece) {
        return bytes -> piece.repeat(bytes / piece.length());
    }

    /** A header field whose value has a filler in it. */
    private static IntFunction<String> field(String before, String filler, String after) {
        return bytes -> message(before + repeated(filler).apply(bytes) + after, "", "");
    }

    private static IntFunction<String> body(String type, String before, String filler) {
        return bytes -> message("X: y", type, before + repeated(filler).apply(bytes));
    }

    private static String message(String fields, String type, String body) {
        return "INVITE sip:bob@127.0.0.2 SIP/2.0\r\n" + fields + "\r\nVia: SIP/2.0/UDP 127.0.0.3;branch=z9hG4bK1\r\n"
                + "From: <sip:a@a>;tag=a\r\nTo: <sip:b@b>\r\nCall-ID: c\r\nCSeq: 1 INVITE\r\n"
                + (type.isEmpty() ? "" : "Content-Type: " + type + "\r\n")
                + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }

    static Stream<Arguments> fieldFillers() {
        return Stream.of(
                Arguments.of("blanks before a fold", field("User-Agent: x", " ", "y\r\n z")),
                Arguments.of("blanks and a fold", field("User-Agent: x", " ", "\r\n z")),
                Arguments.of("folds", field("User-Agent: x", "\r\n ", "z")),
                Arguments.of("carriage returns", field("User-Agent: x", "\r", "\r\n z")),
                Arguments.of("carriage returns and blanks", field("User-Agent: x", "\r ", "\r\n z")),
                Arguments.of("quotes", field("From: \"", "\\\"", "\" <sip:a@a>;tag=a")),
                Arguments.of("open quotes", field("From: ", "\"", " <sip:a@a>;tag=a")),
                Arguments.of("parameters", field("To: <sip:b@b>", ";a", ";tag=b")),
                Arguments.of("blank parameters", field("To: <sip:b@b>", "; ", ";tag=b")),
                Arguments.of("brackets", field("Contact: ", "<", ">")),
                Arguments.of("Via parameters", field("Via: SIP/2.0/UDP 127.0.0.3", ";a=b", "")),
                Arguments.of("Via blanks", field("Via: SIP/2.0/UDP", " ", ";branch=z9hG4bK1")),
                Arguments.of("Via values", field("Via: SIP/2.0/UDP 1.1.1.1", ",SIP/2.0/UDP 1.1.1.1", "")),
                Arguments.of("routes", field("Route: <sip:127.0.0.1:5060;lr>", ",<sip:127.0.0.1:5060;lr>", "")),
                Arguments.of("route parameters", field("Route: <sip:127.0.0.1:5060;lr", ";a=b", ">")),
                Arguments.of("URIs in URIs", field("Contact: ", "sip:", "1.1.1.1:1")),
                Arguments.of("media type parameters", field("Content-Type: multipart/mixed", ";a=b", "")),
                Arguments.of("media type blanks", field("Content-Type: application", " ", "/sdp;a")));
    }

    static Stream<Arguments> datagramFillers() {
        return Stream.of(
                Arguments.of("one letter", repeated("a")),
                Arguments.of("line ends", repeated("\r\n")),
                Arguments.of("carriage returns", repeated("\r")),
                Arguments.of("line ends before the message", (IntFunction<String>)
                        bytes -> repeated("\r\n").apply(bytes) + message("X: y", "", "")),
                Arguments.of("Request-URI", (IntFunction<String>) bytes ->
                        message("X: y", "", "").replace("bob@", repeated(";a").apply(bytes))),
                Arguments.of("a long field name", (IntFunction<String>)
                        bytes -> message(repeated("X ").apply(bytes) + ": y", "", "")),
                Arguments.of("a long field", field("User-Agent: x", " ", "y\r\n z")),
                Arguments.of("a field of folds", field("User-Agent: x", "\r\n ", "z")),
                Arguments.of("short fields", field("X: y", "\r\nX: y", "")),
                Arguments.of("Via fields", field("Via: SIP/2.0/UDP 1.1.1.1", "\r\nv: SIP/2.0/UDP 1.1.1.1", "")),
                Arguments.of("Route fields", field("X: y", "\r\nRoute: <sip:127.0.0.1:5060;lr>", "")),
                Arguments.of("lengths", field("l: 0", "\r\nl: 0", "")),
                Arguments.of("no colon", field("X", "\r\nX", "")),
                Arguments.of("delimiters", body("multipart/mixed;boundary=b", "", "--b\n\n\n")),
                Arguments.of("almost delimiters", body("multipart/mixed;boundary=" + "-".repeat(70), "", "-")),
                Arguments.of(
                        "nested parts",
                        body("multipart/mixed;boundary=b", "", "--b\nContent-Type:multipart/a;boundary=c\n\n--c\n\n")),
                Arguments.of("m= lines", body("application/sdp", SDP, "m=audio 5000 RTP/AVP 0\r\n")),
                Arguments.of("empty lines", body("application/sdp", STREAM, "\r\n")),
                Arguments.of("one line", body("application/sdp", STREAM, "a")),
                Arguments.of("c= lines", body("application/sdp", STREAM, "c=IN IP4 10.0.0.1\r\n")),
                Arguments.of("candidates", body("application/sdp", STREAM, "a=candidate:1 2 udp\r\n")),
                Arguments.of("alternatives", body("application/sdp", STREAM, "a=altc:1 IP4 10.0.0.1 5\r\n")),
                Arguments.of(
                        "source filters",
                        body("application/sdp", STREAM, "a=source-filter: incl IN IP4 * 10.0.0.1\r\n")),
                Arguments.of("groups", (IntFunction<String>) bytes -> message(
                        "X: y",
                        "application/sdp",
                        SDP + repeated("a=group:BUNDLE a b\r\n").apply(bytes)
                                + "m=audio 5000 RTP/AVP 0\r\na=mid:c\r\na=ice-ufrag:a\r\na=ice-pwd:b\r\n"
                                + "m=audio 5002 RTP/AVP 0\r\na=mid:d\r\n")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("fieldFillers")
    void shouldReadAFieldInLinearTime(String name, IntFunction<String> filler) {
        Growth.assertLinear(FIELD, filler, LinearWorkTest::readAll);
        Growth.assertLinear(DATAGRAM, filler, LinearWorkTest::forward);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("datagramFillers")
    void shouldReadADatagramInLinearTime(String name, IntFunction<String> filler) {
        Growth.assertLinear(DATAGRAM, filler, LinearWorkTest::readAll);
        Growth.assertLinear(DATAGRAM, filler, LinearWorkTest::forward);
        Growth.assertLinear(DATAGRAM, filler, quietly(PktsMediaProxy::frame));
        Growth.assertLinear(DATAGRAM, filler, quietly(LinearWorkTest::parse));
    }

    @Test
    void shouldFindTheAddressInAUriInLinearTime() {
        for (String piece : List.of("sip:", "sip:1", "sip:a@", "1", ".", "a", ":")) {
            Growth.assertLinear(DATAGRAM, repeated(piece), LinearWorkTest::findAddress);
        }
    }

    /** Reads what the session layer reads of a message, and plans the SDP. */
    private static void readAll(String text) {
        byte[] bytes = bytes(text);
        try {
            RawSipMessage message = RawSipMessage.parse(bytes, "192.0.2.1");
            NAMES.forEach(message::headers);
            BodyHeaders headers = BodyHeaders.ofType(message.header("Content-Type"));
            SdpBody body = SdpBody.find(
                    headers, message.bodyArray(), message.bodyOffset(), message.bodyLength(), SdpLimits.DEFAULT);
            if (body.isPresent()) {
                SdpIndex index = new SdpIndex();
                index.parse(body);
                for (int stream = 0; stream < index.streamCount(); stream++) {
                    index.hasIce(stream);
                }
                SdpRewriter.plan(index, RELAY, IceCandidate.LOW_PRIORITY).toByteArray();
            }
        } catch (SipSyntaxException | SdpSyntaxException e) {
            // as soon as it is wrong, nothing more is read
        }
    }

    private static void forward(String text) {
        byte[] bytes = bytes(text);
        StatelessForwarding forwarding = new StatelessForwarding(new Routing(ListenAddress.at(ADDRESS), null));
        forwarding.forward(bytes, 0, bytes.length, ADDRESS);
    }

    private interface Reader {
        void read(byte[] bytes) throws ParseException;
    }

    private static Consumer<String> quietly(Reader reader) {
        return text -> {
            try {
                reader.read(bytes(text));
            } catch (ParseException | RuntimeException e) {
                // of any kind that the stack throws
            }
        };
    }

    private static void parse(byte[] bytes) throws ParseException {
        new DatagramParser().parseSIPMessage(bytes, true, false, (e, message, header, text, all) -> {});
    }

    private static void findAddress(String text) {
        try {
            SipText.address(text);
        } catch (IllegalStateException | NumberFormatException e) {
            // there is none, or one with a long number
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
