package io.mediaproxy.cli.proxy;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** A socket that sends and receives SIP as text, and the messages of one call. */
final class SipPhone implements AutoCloseable {
    static final String SDP = String.join(
            "\r\n",
            "v=0",
            "o=- 1 1 IN IP4 10.0.0.10",
            "s=-",
            "c=IN IP4 10.0.0.10",
            "t=0 0",
            "m=audio 40000 RTP/AVP 0",
            "");

    private static final int PATIENCE_MILLIS = 20_000;

    private final DatagramSocket socket;

    SipPhone() throws IOException {
        socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        socket.setSoTimeout(PATIENCE_MILLIS);
    }

    int port() {
        return socket.getLocalPort();
    }

    InetSocketAddress address() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    void send(InetSocketAddress to, String message) throws IOException {
        byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        socket.send(new DatagramPacket(bytes, bytes.length, to));
    }

    String receive() throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[65_535], 65_535);
        socket.receive(packet);
        return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
    }

    /** A request without a body; the given fields replace the usual ones. */
    String request(String method, String uri, String branch, String... fields) {
        StringBuilder request = new StringBuilder(method + " " + uri + " SIP/2.0\r\n");
        request.append("Via: SIP/2.0/UDP 127.0.0.1:" + port() + ";branch=" + branch + "\r\n");
        Stream.of(fields).forEach(field -> request.append(field).append("\r\n"));
        for (String usual : List.of(
                "Max-Forwards: 70",
                "From: <sip:alice@example.org>;tag=a",
                "To: <sip:bob@example.org>",
                "Call-ID: call",
                "CSeq: 1 " + method,
                "Contact: <sip:alice@127.0.0.1:" + port() + ">")) {
            String name = usual.substring(0, usual.indexOf(' '));
            if (Stream.of(fields).noneMatch(field -> field.startsWith(name))) {
                request.append(usual).append("\r\n");
            }
        }
        return request + "Content-Length: 0\r\n\r\n";
    }

    static String withSdp(String message) {
        return message.replace(
                "Content-Length: 0\r\n\r\n",
                "Content-Type: application/sdp\r\nContent-Length: " + SDP.length() + "\r\n\r\n" + SDP);
    }

    /** A response of this phone to a request. */
    String reply(String request, String status) {
        StringBuilder reply = new StringBuilder("SIP/2.0 " + status + "\r\n");
        for (String name : List.of("Via", "Record-Route", "From", "To", "Call-ID", "CSeq")) {
            for (String value : values(request, name)) {
                boolean tagged = !name.equals("To") || value.contains(";tag=");
                reply.append(name + ": " + value + (tagged ? "" : ";tag=b") + "\r\n");
            }
        }
        return reply.append("Contact: <sip:bob@127.0.0.1:" + port() + ">\r\nContent-Length: 0\r\n\r\n")
                .toString();
    }

    static List<String> values(String message, String name) {
        return message.lines()
                .takeWhile(line -> !line.isEmpty())
                .filter(line -> line.startsWith(name + ": "))
                .map(line -> line.substring(name.length() + 2))
                .flatMap(value -> Stream.of(value.split(",(?=SIP/2\\.0/)", -1))) // JAIN-SIP puts them in one field
                .toList();
    }

    static String branch(String message) {
        String via = values(message, "Via").get(0);
        return via.substring(via.indexOf("branch=") + "branch=".length()).split(";", -1)[0];
    }

    @Override
    public void close() {
        socket.close();
    }
}
