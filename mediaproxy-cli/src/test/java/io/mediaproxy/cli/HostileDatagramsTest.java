package io.mediaproxy.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sends what no phone would send to the proxy in a process, and looks at its log and whether it still works. */
@Timeout(120)
class HostileDatagramsTest {
    private static final int DATAGRAMS = 1000;
    private static final int MANY_BYTES = 200 << 20;
    private static final int LARGE = 60_000;
    private static final int PATIENCE_MILLIS = 500;

    private static final String BODY = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"
            + "m=audio 5000 RTP/AVP 0\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:SECRET\r\na=ice-pwd:SECRET\r\n";
    private static final String VALID = message("z9hG4bK1", "call", "1 INVITE");

    /** Each is broken in its own way; escape, bell, next line and a line separator are in all of them. */
    private static final List<String> BROKEN = List.of(
            "SIP/2.0 200 OK\r\n\r\n" + BODY,
            "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 192.0.2.1\r\n\r\n" + BODY,
            VALID.replace("CSeq: 1 INVITE", "CSeq: 1 BYE"),
            VALID.replace("CSeq: 1 INVITE", "CSeq: x"),
            VALID.replace("Call-ID: ", "Call-ID "),
            VALID.replaceFirst("(?s)Call-ID:.*?\r\n", ""),
            VALID.replaceFirst("(?s)Via:.*?\r\n", ""),
            VALID.replaceFirst("Via: ", "Via: x"),
            VALID.replaceFirst("From: ", "From: <"),
            VALID.replace("Content-Length: ", "Content-Length: 9"),
            VALID.replace("Content-Length: ", "Content-Length: x"),
            VALID.replace("SIP/2.0\r\n", "SIP/7.0\r\n"),
            VALID.replace("sip:bob@192.0.2.1", "sip:bob@192.0.2.1:99999"),
            VALID.replace("INVITE sip", "INVITE  sip"),
            BODY);

    private static String message(String branch, String callId, String cseq) {
        return "INVITE sip:bob@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1;rport;branch=" + branch + "\r\n"
                + "From: \"\u001b[31m\u0007\u0085\u2028\" <sip:a@192.0.2.1>;tag=a\r\nTo: <sip:b@192.0.2.1>\r\n"
                + "Call-ID: " + callId + "\r\nCSeq: " + cseq + "\r\nMax-Forwards: 70\r\n"
                + "Content-Type: application/sdp\r\nContent-Length: " + BODY.length() + "\r\n\r\n" + BODY;
    }

    @ParameterizedTest
    @ValueSource(strings = {"pkts", "jainsip"})
    void shouldLogFewLinesAndNothingFromThem(String stack, @TempDir Path directory) throws Exception {
        Path log = directory.resolve("log");
        try (ServerProcess proxy = start(stack, List.of(), log);
                DatagramSocket phone = phone()) {
            for (int i = 0; i < DATAGRAMS; i++) {
                send(phone, proxy.address(), BROKEN.get(i % BROKEN.size()));
            }
            awaitRefusal(phone, proxy.address());
            proxy.terminate();
        }
        List<String> lines = Files.readAllLines(log);
        assertThat(lines)
                .hasSizeLessThan(10)
                .allSatisfy(line -> assertThat(line)
                        .hasSizeLessThan(300)
                        .doesNotContain("crypto", "ice-pwd", "SECRET", "192.0.2.1", "\u2028")
                        .matches("[ -~]*"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"pkts", "jainsip"})
    void shouldSurviveAFloodOfLargeDatagramsInASmallHeap(String stack, @TempDir Path directory) throws Exception {
        Path log = directory.resolve("log");
        try (ServerProcess proxy = start(stack, List.of("-Xmx64m"), log);
                DatagramSocket phone = phone()) {
            String filler = "X-Filler: " + "x".repeat(7000) + "\r\n";
            String large = VALID.replace("Max-Forwards", filler.repeat(LARGE / filler.length()) + "Max-Forwards");
            for (int i = 0; i < MANY_BYTES / LARGE; i++) {
                send(phone, proxy.address(), large.replace("z9hG4bK1", "z9hG4bK" + i));
            }
            awaitRefusal(phone, proxy.address());
            proxy.terminate();
            assertThat(proxy.exitCode()).isEqualTo(143); // SIGTERM's
        }
        assertThat(Files.readString(log)).doesNotContain("OutOfMemoryError");
    }

    private static ServerProcess start(String stack, List<String> options, Path log) throws IOException {
        return new ServerProcess(
                options,
                ProcessBuilder.Redirect.to(log.toFile()),
                "proxy",
                "--stack=" + stack,
                "--embedded",
                "--statistics-interval=0");
    }

    private static DatagramSocket phone() throws IOException {
        DatagramSocket phone = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        phone.setSoTimeout(PATIENCE_MILLIS);
        return phone;
    }

    private static void send(DatagramSocket phone, InetSocketAddress to, String message) throws IOException {
        byte[] bytes = message.getBytes(ISO_8859_1);
        phone.send(new DatagramPacket(bytes, bytes.length, to));
    }

    /** Repeats a request as a phone would, until it is refused; at first perhaps because too many calls arrived. */
    private static void awaitRefusal(DatagramSocket phone, InetSocketAddress proxy) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[LARGE], LARGE);
        String response = "";
        while (!response.startsWith("SIP/2.0 483 ") || !response.contains("Call-ID: last")) {
            send(
                    phone,
                    proxy,
                    message("z9hG4bKlast", "last", "1 INVITE").replace("Max-Forwards: 70", "Max-Forwards: 0"));
            try {
                phone.receive(packet);
                response = new String(packet.getData(), 0, packet.getLength(), ISO_8859_1);
            } catch (SocketTimeoutException e) {
                response = ""; // sent again
            }
        }
    }
}
