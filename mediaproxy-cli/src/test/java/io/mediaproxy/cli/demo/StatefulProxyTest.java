package io.mediaproxy.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import javax.sip.RequestEvent;
import javax.sip.SipListener;
import javax.sip.header.CallIdHeader;
import javax.sip.message.Request;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The proxy between two sockets: what it does to the bytes of SIP. */
@Timeout(60)
class StatefulProxyTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final String SDP = "v=0\r\no=- 1 1 IN IP4 10.0.0.10\r\ns=-\r\n\r\n";

    private final List<String> seen = new CopyOnWriteArrayList<>();
    private DatagramSocket caller;
    private DatagramSocket callee;
    private StatefulProxy proxy;

    @BeforeEach
    void start() throws Exception {
        caller = socket();
        callee = socket();
        InetSocketAddress bob = (InetSocketAddress) callee.getLocalSocketAddress();
        proxy = StatefulProxy.start(LOOPBACK, "example.org", Map.of("bob", bob), this::watch, WireTap.NONE);
    }

    @AfterEach
    void stop() {
        proxy.close();
        caller.close();
        callee.close();
    }

    @Test
    void shouldForwardWithItsViaAndRecordRouteAndOneHopLess() throws Exception {
        send(caller, proxy.address(), invite("z9hG4bK-1", "call-1", "bob", 70));
        String invite = receive(callee);

        assertThat(invite).startsWith("INVITE sip:bob@127.0.0.1:" + callee.getLocalPort() + " SIP/2.0\r\n");
        assertThat(values(invite, "Via"))
                .hasSize(2)
                .first()
                .asString()
                .startsWith("SIP/2.0/UDP 127.0.0.1:" + proxy.address().getPort() + ";branch=z9hG4bK");
        assertThat(values(invite, "Record-Route"))
                .containsExactly("<sip:127.0.0.1:" + proxy.address().getPort() + ";lr>");
        assertThat(values(invite, "Route")).isEmpty();
        assertThat(values(invite, "Max-Forwards")).containsExactly("69");
        assertThat(invite).endsWith("\r\n\r\n" + SDP);
        assertThat(receive(caller)).startsWith("SIP/2.0 100 Trying");
    }

    @Test
    void shouldAbsorbRetransmissions() throws Exception {
        String invite = invite("z9hG4bK-1", "call-1", "bob", 70);
        send(caller, proxy.address(), invite);
        String forwarded = receive(callee);
        send(callee, proxy.address(), reply(forwarded, "100 Trying"));
        send(caller, proxy.address(), invite);
        send(caller, proxy.address(), invite);
        // Another call goes through the same event thread: when it has arrived, the repetitions have been taken.
        send(caller, proxy.address(), invite("z9hG4bK-2", "call-2", "bob", 70));

        assertThat(values(receive(callee), "Call-ID")).containsExactly("call-2");
        assertThat(seen).containsExactly("call-1", "call-2");
    }

    @Test
    void shouldForwardA2xxEachTimeItComesAndTheAckInTheEnd() throws Exception {
        send(caller, proxy.address(), invite("z9hG4bK-1", "call-1", "bob", 70));
        String ok = reply(receive(callee), "200 OK");
        send(callee, proxy.address(), ok);
        send(callee, proxy.address(), ok);

        assertThat(receive(caller)).startsWith("SIP/2.0 100 Trying");
        for (int i = 0; i < 2; i++) {
            String passed = receive(caller);
            assertThat(passed).startsWith("SIP/2.0 200 OK");
            assertThat(values(passed, "Via")).hasSize(1);
        }
        send(caller, proxy.address(), ack());
        String ack = receive(callee);
        assertThat(ack).startsWith("ACK sip:bob@127.0.0.1:" + callee.getLocalPort());
        assertThat(values(ack, "Via")).hasSize(2);
        assertThat(values(ack, "Route")).isEmpty();
    }

    @Test
    void shouldRefuseAUserThatNobodyKnowsAndARequestThatHasGoneTooFar() throws Exception {
        send(caller, proxy.address(), invite("z9hG4bK-1", "call-1", "eve", 70));
        assertThat(receive(caller)).startsWith("SIP/2.0 100 ");
        assertThat(receive(caller)).startsWith("SIP/2.0 404 ");

        send(caller, proxy.address(), invite("z9hG4bK-2", "call-2", "bob", 0));
        assertThat(receiveFor("call-2")).startsWith("SIP/2.0 100 ");
        assertThat(receiveFor("call-2")).startsWith("SIP/2.0 483 ");
    }

    @Test
    void shouldRefuseARequestThatCannotGoOn() throws Exception {
        String toNoServer = invite("z9hG4bK-1", "call-1", "bob", 70)
                .replace("\r\nMax-Forwards", "\r\nRoute: <sip:nobody.invalid;lr>\r\nMax-Forwards");
        send(caller, proxy.address(), toNoServer);

        assertThat(receive(caller)).startsWith("SIP/2.0 100 ");
        String refusal = receive(caller);
        assertThat(refusal).startsWith("SIP/2.0 503 ");
        assertThat(values(refusal, "To")).first().asString().contains(";tag=");
    }

    private SipListener watch(SipListener proxy) {
        return new PassingListener(proxy) {
            @Override
            public void processRequest(RequestEvent event) {
                Request request = event.getRequest();
                seen.add(((CallIdHeader) request.getHeader("Call-ID")).getCallId());
                super.processRequest(event);
            }
        };
    }

    private String invite(String branch, String callId, String user, int maxForwards) {
        return String.join(
                "\r\n",
                "INVITE sip:" + user + "@example.org SIP/2.0",
                "Via: SIP/2.0/UDP 127.0.0.1:" + caller.getLocalPort() + ";branch=" + branch,
                "Route: <sip:127.0.0.1:" + proxy.address().getPort() + ";lr>",
                "Max-Forwards: " + maxForwards,
                "From: <sip:alice@example.org>;tag=a",
                "To: <sip:" + user + "@example.org>",
                "Call-ID: " + callId,
                "CSeq: 1 INVITE",
                "Contact: <sip:alice@127.0.0.1:" + caller.getLocalPort() + ">",
                "Content-Type: application/sdp",
                "Content-Length: " + SDP.length(),
                "",
                SDP);
    }

    private String ack() {
        return String.join(
                "\r\n",
                "ACK sip:bob@127.0.0.1:" + callee.getLocalPort() + " SIP/2.0",
                "Via: SIP/2.0/UDP 127.0.0.1:" + caller.getLocalPort() + ";branch=z9hG4bK-ack",
                "Route: <sip:127.0.0.1:" + proxy.address().getPort() + ";lr>",
                "Max-Forwards: 70",
                "From: <sip:alice@example.org>;tag=a",
                "To: <sip:bob@example.org>;tag=b",
                "Call-ID: call-1",
                "CSeq: 1 ACK",
                "Content-Length: 0",
                "",
                "");
    }

    private static String reply(String request, String status) {
        StringBuilder reply = new StringBuilder("SIP/2.0 " + status + "\r\n");
        for (String name : List.of("Via", "Record-Route", "From", "To", "Call-ID", "CSeq")) {
            String tag = name.equals("To") ? ";tag=b" : "";
            values(request, name)
                    .forEach(value -> reply.append(name)
                            .append(": ")
                            .append(value)
                            .append(tag)
                            .append("\r\n"));
        }
        return reply.append("Contact: <sip:bob@127.0.0.1>\r\nContent-Length: 0\r\n\r\n")
                .toString();
    }

    private static List<String> values(String message, String name) {
        return message.lines()
                .takeWhile(line -> !line.isEmpty())
                .filter(line -> line.startsWith(name + ": "))
                .flatMap(line -> Stream.of(line.substring(name.length() + 2).split(",")))
                .toList();
    }

    private String receiveFor(String callId) throws IOException {
        while (true) {
            String message = receive(caller);
            if (values(message, "Call-ID").contains(callId)) {
                return message;
            }
        }
    }

    private static DatagramSocket socket() throws IOException {
        DatagramSocket socket = new DatagramSocket(new InetSocketAddress(LOOPBACK, 0));
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static void send(DatagramSocket from, InetSocketAddress to, String message) throws IOException {
        byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        from.send(new DatagramPacket(bytes, bytes.length, to));
    }

    private static String receive(DatagramSocket socket) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[65_535], 65_535);
        socket.receive(packet);
        return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
    }
}
