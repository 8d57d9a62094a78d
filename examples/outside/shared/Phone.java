package outside;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** One party of a call: a UDP socket, and messages written by hand. */
final class Phone implements AutoCloseable {
    private static final String SDP = "v=0\r\no=- 1 1 IN IP4 10.0.0.1\r\ns=-\r\nc=IN IP4 10.0.0.1\r\nt=0 0\r\n"
            + "m=audio 40000 RTP/AVP 0\r\n";

    private final DatagramSocket socket = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0));
    private String callee = "sip:bob@127.0.0.1";
    private String toTag = "";
    private int cseq;

    Phone() throws IOException {
        socket.setSoTimeout(20_000);
    }

    int port() {
        return socket.getLocalPort();
    }

    void call(Phone other, int server) throws IOException {
        callee = "sip:bob@127.0.0.1:" + other.port();
        cseq = 1;
        request("INVITE", SDP, server);
    }

    void request(String method, String sdp, int server) throws IOException {
        cseq += method.equals("BYE") ? 1 : 0;
        send(
                method + ' ' + callee + " SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:" + port() + ";branch=z9hG4bK-" + method
                        + "\r\nMax-Forwards: 70\r\nFrom: <sip:alice@example.org>;tag=a\r\nTo: <sip:bob@example.org>" + toTag
                        + "\r\nCall-ID: call-1\r\nCSeq: " + cseq + ' ' + method + "\r\nContact: <sip:alice@127.0.0.1:"
                        + port() + ">\r\n" + body(sdp),
                server);
    }

    /** Answers a request with 200, and with SDP if it has some. */
    void answer(String request, int server) throws IOException {
        StringBuilder response = new StringBuilder("SIP/2.0 200 OK\r\n");
        for (String line : request.split("\r\n")) {
            if (line.isEmpty()) {
                break;
            }
            if (line.matches("(?i)(Via|From|Call-ID|CSeq): .*")) {
                response.append(line).append("\r\n");
            } else if (line.matches("(?i)To: .*")) {
                response.append(line).append(line.contains(";tag=") ? "\r\n" : ";tag=b\r\n");
            }
        }
        response.append("Contact: <sip:bob@127.0.0.1:" + port() + ">\r\n");
        send(response + body(request.contains("m=audio") ? SDP : ""), server);
    }

    private static String body(String sdp) {
        return (sdp.isEmpty() ? "" : "Content-Type: application/sdp\r\n") + "Content-Length: " + sdp.length() + "\r\n\r\n"
                + sdp;
    }

    private void send(String message, int server) throws IOException {
        byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        socket.send(new DatagramPacket(bytes, bytes.length, new InetSocketAddress("127.0.0.1", server)));
    }

    /** Returns the next message that begins in this way. */
    String receive(String begin) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[65_535], 65_535);
        while (true) {
            socket.receive(packet);
            String message = new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
            if (message.startsWith(begin)) {
                if (begin.startsWith("SIP/2.0")) {
                    target(message);
                }
                return message;
            }
        }
    }

    private void target(String response) {
        for (String line : response.split("\r\n")) {
            if (line.startsWith("To: ") && line.contains(";tag=")) {
                toTag = line.substring(line.indexOf(";tag="));
            } else if (line.startsWith("Contact: ")) {
                callee = line.substring(line.indexOf('<') + 1, line.indexOf('>'));
            }
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
