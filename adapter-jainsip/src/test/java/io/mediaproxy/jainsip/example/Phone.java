package io.mediaproxy.jainsip.example;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * A phone behind NAT that knows nothing of transactions: it writes its messages by hand, for one call, and drops what comes twice.
 *
 * <p>Its SDP names an address that nobody can reach.
 */
final class Phone implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 10_000;

    private final String user;
    private final String privateAddress;
    private final DatagramSocket socket;
    private final Set<String> seen = new HashSet<>();
    private final String tag = UUID.randomUUID().toString();
    private String callId = UUID.randomUUID() + "@phone";
    private String remoteUri = "";
    private String remoteTag = "";
    private String target = "";
    private List<String> routes = List.of();
    private int cseq;
    private String inviteBranch = "";
    private InetSocketAddress server;

    /** @param server where its calls go */
    Phone(String user, String privateAddress, InetSocketAddress server) throws IOException {
        this.user = user;
        this.privateAddress = privateAddress;
        this.server = server;
        this.socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        socket.setSoTimeout(PATIENCE_MILLIS);
    }

    InetSocketAddress address() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    String user() {
        return user;
    }

    String callId() {
        return callId;
    }

    /** One PCMU stream. */
    String sdp(int port) {
        return "v=0\r\no=" + user + " 1 1 IN IP4 " + privateAddress + "\r\ns=-\r\nc=IN IP4 " + privateAddress
                + "\r\nt=0 0\r\nm=audio " + port + " RTP/AVP 0\r\n";
    }

    /** The INVITE of a new call. Gives back its text, to be sent again. */
    String invite(Phone callee, String sdp, String... more) {
        remoteUri = "<sip:" + callee.user + "@example.org>";
        target = "sip:" + callee.user + "@example.org";
        return request("INVITE", sdp, more);
    }

    /** A request in the dialog, or the one that begins it. */
    String request(String method, String sdp, String... more) {
        boolean again = method.equals("ACK") || method.equals("CANCEL");
        cseq += again ? 0 : 1;
        String branch = method.equals("CANCEL") ? inviteBranch : "z9hG4bK" + UUID.randomUUID();
        if (method.equals("INVITE")) {
            inviteBranch = branch;
        }
        List<String> lines = new ArrayList<>();
        lines.add(method + ' ' + target + " SIP/2.0");
        lines.add("Via: SIP/2.0/UDP " + host(address()) + ";branch=" + branch);
        lines.add("From: <sip:" + user + "@example.org>;tag=" + tag);
        lines.add("To: " + remoteUri + (remoteTag.isEmpty() || method.equals("CANCEL") ? "" : ";tag=" + remoteTag));
        lines.add("Call-ID: " + callId);
        lines.add("CSeq: " + cseq + ' ' + method);
        routes.forEach(route -> lines.add("Route: " + route));
        lines.add("Contact: " + contact());
        lines.addAll(more.length == 0 ? List.of("Max-Forwards: 70") : List.of(more));
        String text = message(lines, sdp);
        send(
                text,
                routes.isEmpty()
                        ? (remoteTag.isEmpty() ? server : SipText.address(target))
                        : SipText.address(routes.get(0)));
        return text;
    }

    /** The ACK to a refusal, which is of the INVITE's transaction (RFC 3261 17.1.1.3). */
    void acknowledge(SipText refusal) {
        send(
                message(
                        List.of(
                                "ACK " + target + " SIP/2.0",
                                "Via: SIP/2.0/UDP " + host(address()) + ";branch=" + inviteBranch,
                                "From: " + refusal.header("From"),
                                "To: " + refusal.header("To"),
                                "Call-ID: " + callId,
                                "CSeq: " + cseq + " ACK",
                                "Max-Forwards: 70"),
                        ""),
                server);
    }

    /** Answers a request; a 2xx or 1xx to its first INVITE makes the dialog. */
    void reply(SipText request, int status, String sdp) {
        String to = request.header("To");
        List<String> lines = new ArrayList<>();
        lines.add("SIP/2.0 " + status + " Reply");
        request.headers("Via").forEach(via -> lines.add("Via: " + via));
        request.headers("Record-Route").forEach(route -> lines.add("Record-Route: " + route));
        lines.add("From: " + request.header("From"));
        lines.add("To: " + to + (to.contains(";tag=") ? "" : ";tag=" + tag));
        lines.add("Call-ID: " + request.header("Call-ID"));
        lines.add("CSeq: " + request.header("CSeq"));
        lines.add("Contact: " + contact());
        send(message(lines, sdp), request.from());
    }

    /** The next message, which begins so; a 100 is passed over, and what came before. */
    SipText expect(String begin) {
        SipText next = next();
        assertThat(next.startLine()).startsWith(begin);
        if (begin.startsWith("INVITE") && remoteTag.isEmpty()) {
            callId = next.header("Call-ID");
            remoteUri = next.header("From").replaceAll(";tag=.*", "");
            dialog(next, "From", next.headers("Record-Route"));
        } else if (begin.startsWith("SIP/2.0 2") && next.header("CSeq").endsWith("INVITE") && remoteTag.isEmpty()) {
            List<String> reversed = new ArrayList<>(next.headers("Record-Route"));
            Collections.reverse(reversed);
            dialog(next, "To", reversed);
        }
        return next;
    }

    /** Hears again what it has heard already. */
    void listenAnew() {
        seen.clear();
    }

    private void dialog(SipText message, String remote, List<String> routeSet) {
        remoteTag = message.tag(remote);
        target = message.header("Contact").replaceAll("[<>]|;.*", "");
        routes = List.copyOf(routeSet);
    }

    void send(String text) {
        send(text, server);
    }

    private SipText next() {
        byte[] buffer = new byte[65_535];
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                String text = new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
                if (seen.add(text) && !text.startsWith("SIP/2.0 100")) {
                    return new SipText(text, (InetSocketAddress) packet.getSocketAddress());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(user + " waits for a message", e);
        }
    }

    private void send(String text, InetSocketAddress to) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try {
            socket.send(new DatagramPacket(bytes, bytes.length, to));
        } catch (IOException e) {
            throw new UncheckedIOException(user + " cannot send to " + to, e);
        }
    }

    private String contact() {
        return "<sip:" + user + '@' + host(address()) + '>';
    }

    private static String host(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ':' + address.getPort();
    }

    private static String message(List<String> lines, String sdp) {
        List<String> all = new ArrayList<>(lines);
        if (!sdp.isEmpty()) {
            all.add("Content-Type: application/sdp");
        }
        all.add("Content-Length: " + sdp.length());
        return String.join("\r\n", all) + "\r\n\r\n" + sdp;
    }

    @Override
    public void close() {
        socket.close();
    }
}
