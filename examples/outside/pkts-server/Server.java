package outside;

import io.pkts.packet.sip.SipMessage;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A stateless proxy on pkts.io. The page's code is {@link Media}. */
public final class Server implements AutoCloseable {
    private static final Pattern REQUEST = Pattern.compile("\\A[A-Z]+ sip:[^ ]*@127\\.0\\.0\\.1:(\\d+)");
    private static final Pattern VIA = Pattern.compile("(?m)^Via: SIP/2\\.0/UDP 127\\.0\\.0\\.1:(\\d+)");

    private final DatagramSocket socket = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0));
    private final Media media;
    private final Thread thread = new Thread(this::serve, "server");

    public Server(Path dispatcher) throws SocketException {
        media = new Media(dispatcher);
        thread.start();
    }

    public int port() {
        return socket.getLocalPort();
    }

    private void serve() {
        DatagramPacket packet = new DatagramPacket(new byte[65_535], 65_535);
        while (true) {
            try {
                socket.receive(packet);
                byte[] datagram = Arrays.copyOf(packet.getData(), packet.getLength());
                forward(media.relayed(datagram, packet.getAddress().getHostAddress()));
            } catch (SocketException e) {
                return; // closed
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private void forward(SipMessage message) throws IOException {
        String text = new String(message.toBuffer().getArray(), StandardCharsets.UTF_8);
        int fields = text.indexOf("\r\n") + 2;
        String onward = message.isRequest()
                ? text.substring(0, fields) + "Via: SIP/2.0/UDP 127.0.0.1:" + port() + ";branch=z9hG4bK-proxy-"
                        + message.getMethod() + "\r\n" + text.substring(fields)
                : text.replaceFirst("Via: .*\r\n", "");
        Matcher target = (message.isRequest() ? REQUEST : VIA).matcher(onward);
        if (target.find()) {
            byte[] bytes = onward.getBytes(StandardCharsets.UTF_8);
            int port = Integer.parseInt(target.group(1));
            socket.send(new DatagramPacket(bytes, bytes.length, new InetSocketAddress("127.0.0.1", port)));
        }
    }

    @Override
    public void close() throws InterruptedException {
        socket.close();
        thread.join();
        media.close();
    }
}
