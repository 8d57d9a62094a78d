package io.mediaproxy.benchmarks.dispatchers;

import io.mediaproxy.benchmarks.SampleCall;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/**
 * Sends {@code offer} with a body of two streams, and {@code delete}, to the {@code ng} port of rtpengine. A command is
 * one datagram with a cookie, a blank and a bencoded dictionary; its reply has the same form and the same cookie.
 */
final class RtpengineCaller implements Caller {
    private static final AtomicLong CALLS = new AtomicLong();
    /** One sequence for all callers: rtpengine repeats its reply to a cookie that it knows, whatever the sender. */
    private static final AtomicLong COOKIES = new AtomicLong();

    private static final String SDP = new String(SampleCall.sdp("audio-video"), StandardCharsets.US_ASCII);
    private static final String OK = "6:result2:ok";
    /** Part of an ok reply to a {@code delete} for an unknown call. */
    private static final String WARNING = "d7:warning";

    private static final Pattern STREAMS_WITH_PORTS =
            Pattern.compile("\r\nm=audio [1-9][0-9]* .*\r\nm=video [1-9][0-9]* ", Pattern.DOTALL);

    private final byte[] in = new byte[64 * 1024];
    private final DatagramSocket socket;
    private long call;

    /** @param patience maximum wait for a reply, as a datagram may be lost */
    RtpengineCaller(int port, Duration patience) throws IOException {
        socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.setSoTimeout((int) patience.toMillis());
    }

    @Override
    public boolean begin() throws IOException {
        call = CALLS.incrementAndGet();
        String reply = ask("offer", string("sdp") + string(SDP));
        return reply.contains(OK) && STREAMS_WITH_PORTS.matcher(reply).find();
    }

    @Override
    public boolean end() throws IOException {
        String reply = ask("delete", "");
        return reply.contains(OK) && !reply.contains(WARNING);
    }

    /** Returns the reply without its cookie; empty if none arrived in time. */
    private String ask(String command, String more) throws IOException {
        String cookie = COOKIES.incrementAndGet() + " ";
        String dictionary = "d"
                + string("call-id") + string(call + "@192.0.2.10")
                + string("command") + string(command)
                + string("from-tag") + string("9fxced76sl")
                + more
                + "e";
        byte[] datagram = (cookie + dictionary).getBytes(StandardCharsets.US_ASCII);
        socket.send(new DatagramPacket(datagram, datagram.length));
        DatagramPacket received = new DatagramPacket(in, in.length);
        try {
            while (true) {
                socket.receive(received);
                String reply = new String(in, 0, received.getLength(), StandardCharsets.US_ASCII);
                if (reply.startsWith(cookie)) { // otherwise a late reply to an earlier command
                    return reply.substring(cookie.length());
                }
            }
        } catch (SocketTimeoutException e) {
            return "";
        }
    }

    private static String string(String text) {
        return text.length() + ":" + text;
    }

    @Override
    public void close() {
        socket.close();
    }
}
