package io.mediaproxy.examples.phone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * A phone behind NAT, for one call over UDP: its SDP names an address that nobody else can reach. It writes its
 * messages by hand, as its caller directs, and ignores a message that arrives twice. It has no transactions and
 * retransmits nothing.
 *
 * <p>Not thread-safe. Only {@link #close} may be called at any time and ends a receive that waits. All methods that
 * send or receive throw {@link UncheckedIOException} if the socket fails or no message arrives in time.
 */
public final class Phone implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int LARGEST_DATAGRAM = 65_535;

    /** Sees each message on the socket: one received before it is handled, one sent before it is on the wire. */
    @FunctionalInterface
    public interface Trace {
        void message(boolean sent, SipText message);
    }

    private final String user;
    private final String privateAddress;
    private final InetSocketAddress server;
    private final DatagramSocket socket;
    private final Set<String> seen = new HashSet<>();
    private final String tag = UUID.randomUUID().toString();
    private Trace trace = (sent, message) -> {};
    private String callId = UUID.randomUUID() + "@phone";
    private String remoteUri = "";
    private String remoteTag = "";
    private String target = "";
    private List<String> routes = List.of();
    private int cseq;
    private String inviteBranch = "";

    /**
     * Binds a socket at the server's IP address.
     *
     * @param privateAddress the address that the SDP names
     * @param server the SIP server to which calls are sent
     */
    public Phone(String user, String privateAddress, InetSocketAddress server) throws IOException {
        this.user = user;
        this.privateAddress = privateAddress;
        this.server = server;
        this.socket = new DatagramSocket(new InetSocketAddress(server.getAddress(), 0));
    }

    /** Sets the trace; before the first message. */
    public void trace(Trace newTrace) {
        trace = newTrace;
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    public String user() {
        return user;
    }

    public String callId() {
        return callId;
    }

    /**
     * An offer or answer of one PCMU stream.
     *
     * @param port the RTP port behind the NAT
     */
    public String sdp(int port) {
        return String.join(
                "\r\n",
                "v=0",
                "o=" + user + " 3724394400 3724394400 IN IP4 " + privateAddress,
                "s=-",
                "c=IN IP4 " + privateAddress,
                "t=0 0",
                "m=audio " + port + " RTP/AVP 0",
                "a=rtpmap:0 PCMU/8000",
                "a=rtcp:" + (port + 1),
                "a=ptime:20",
                "a=sendrecv",
                "");
    }

    /** Sends the INVITE of a new call. Returns its text. */
    public String invite(Phone callee, String sdp, String... more) {
        remoteUri = "<sip:" + callee.user + "@example.org>";
        target = "sip:" + callee.user + "@example.org";
        return request("INVITE", sdp, more);
    }

    /**
     * Sends a request in the dialog, or the one that begins it.
     *
     * @param more header fields in place of Max-Forwards
     * @return its text
     */
    public String request(String method, String sdp, String... more) {
        boolean ofTheInvite = method.equals("ACK") || method.equals("CANCEL");
        cseq += ofTheInvite ? 0 : 1;
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
        lines.add("User-Agent: mediaproxy-example-phone");
        lines.addAll(more.length == 0 ? List.of("Max-Forwards: 70") : List.of(more));
        String text = message(lines, sdp);
        send(text, nextHop());
        return text;
    }

    private InetSocketAddress nextHop() {
        if (!routes.isEmpty()) {
            return SipText.address(routes.get(0));
        }
        return remoteTag.isEmpty() ? server : SipText.address(target);
    }

    /** Sends the ACK to a refusal, which belongs to the INVITE's transaction (RFC 3261 17.1.1.3). */
    public void acknowledge(SipText refusal) {
        List<String> lines = List.of(
                "ACK " + target + " SIP/2.0",
                "Via: SIP/2.0/UDP " + host(address()) + ";branch=" + inviteBranch,
                "From: " + refusal.header("From"),
                "To: " + refusal.header("To"),
                "Call-ID: " + callId,
                "CSeq: " + cseq + " ACK",
                "Max-Forwards: 70");
        send(message(lines, ""), server);
    }

    /** Sends a response. */
    public void respond(SipText request, int status, String sdp) {
        String to = request.header("To");
        List<String> lines = new ArrayList<>();
        lines.add("SIP/2.0 " + status + ' ' + reason(status));
        request.headers("Via").forEach(via -> lines.add("Via: " + via));
        request.headers("Record-Route").forEach(route -> lines.add("Record-Route: " + route));
        lines.add("From: " + request.header("From"));
        lines.add("To: " + to + (to.contains(";tag=") ? "" : ";tag=" + tag));
        lines.add("Call-ID: " + request.header("Call-ID"));
        lines.add("CSeq: " + request.header("CSeq"));
        lines.add("Contact: " + contact());
        lines.add("Server: mediaproxy-example-phone");
        send(message(lines, sdp), request.peer());
    }

    private static String reason(int status) {
        return switch (status) {
            case 180 -> "Ringing";
            case 183 -> "Session Progress";
            case 200 -> "OK";
            case 407 -> "Proxy Authentication Required";
            case 486 -> "Busy Here";
            case 487 -> "Request Terminated";
            case 488 -> "Not Acceptable Here";
            default -> "Response";
        };
    }

    /** As {@link #expect(String, Duration)}, within ten seconds. */
    public SipText expect(String begin) {
        return expect(begin, PATIENCE);
    }

    /** Returns the next message, as {@link #receive}; it must begin with this text. */
    public SipText expect(String begin, Duration patience) {
        SipText next = receive(patience);
        if (!next.startLine().startsWith(begin)) {
            throw new IllegalStateException(user + " expected " + begin + ", but received:\n" + next.text());
        }
        return next;
    }

    /** As {@link #receive(Duration)}, within ten seconds. */
    public SipText receive() {
        return receive(PATIENCE);
    }

    /**
     * Returns the next message, without a 100 and without repetitions. The INVITE and its first 2xx make the dialog.
     */
    public SipText receive(Duration patience) {
        SipText next = next(patience);
        boolean invite = next.method().equals("INVITE") && remoteTag.isEmpty();
        if (invite && next.status() == 0) {
            callId = next.header("Call-ID");
            remoteUri = next.header("From").replaceAll(";tag=.*", "");
            dialog(next, "From", next.headers("Record-Route"));
        } else if (invite && next.status() / 100 == 2) {
            List<String> reversed = new ArrayList<>(next.headers("Record-Route"));
            Collections.reverse(reversed);
            dialog(next, "To", reversed);
        }
        return next;
    }

    private void dialog(SipText message, String remote, List<String> routeSet) {
        remoteTag = message.tag(remote);
        target = message.header("Contact").replaceAll("[<>]|;.*", "");
        routes = List.copyOf(routeSet);
    }

    private SipText next(Duration patience) {
        byte[] buffer = new byte[LARGEST_DATAGRAM];
        try {
            socket.setSoTimeout(Math.toIntExact(patience.toMillis()));
            while (true) {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                String text = new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
                SipText message = new SipText(text, (InetSocketAddress) packet.getSocketAddress());
                trace.message(false, message);
                if (seen.add(text) && message.status() != 100) {
                    return message;
                }
            }
        } catch (SocketTimeoutException e) {
            throw new UncheckedIOException(user + " received no message in " + patience.toMillis() + " ms", e);
        } catch (IOException e) {
            throw new UncheckedIOException(user + " cannot receive", e);
        }
    }

    /** Makes {@link #receive} return messages again that it returned before. */
    public void forgetRepetitions() {
        seen.clear();
    }

    /** Sends a text to the server as it is. */
    public void send(String text) {
        send(text, server);
    }

    private void send(String text, InetSocketAddress to) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        trace.message(true, new SipText(text, to));
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
