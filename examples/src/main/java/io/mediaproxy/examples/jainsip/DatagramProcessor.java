package io.mediaproxy.examples.jainsip;

import gov.nist.core.HostPort;
import gov.nist.javax.sip.message.SIPMessage;
import gov.nist.javax.sip.stack.MessageChannel;
import gov.nist.javax.sip.stack.SIPTransactionStack;
import gov.nist.javax.sip.stack.UDPMessageChannel;
import gov.nist.javax.sip.stack.UDPMessageProcessor;
import io.mediaproxy.examples.Failures;
import io.mediaproxy.examples.ProxyEvents;
import io.mediaproxy.examples.stateless.Forwarding;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.LinkedList;
import java.util.List;

/**
 * JAIN-SIP's UDP socket, with two differences: the datagrams that wait are bounded ({@link DatagramQueue}; the stack's
 * own queue has no limit, and 64 KiB for each), and an Error while one datagram is received or handled costs that
 * datagram (the stack's own threads end, and the process remains, deaf). Thread-safe.
 *
 * <pre>
 *   socket ──► this thread ──► DatagramQueue ──► Channel's thread ──► EventGate ──► the stack's event thread
 * </pre>
 */
final class DatagramProcessor extends UDPMessageProcessor {
    private static final int LARGEST_DATAGRAM = 65_535;
    private static final int LARGEST_PORT = 65_535;

    private final DatagramQueue queue;
    private final Doorway doorway;
    private final EventGate gate;
    private final Failures failures;
    private volatile boolean stopped;

    DatagramProcessor(
            SIPTransactionStack stack,
            InetAddress address,
            int port,
            Doorway doorway,
            EventGate gate,
            ProxyEvents events,
            Failures failures)
            throws IOException {
        super(address, stack, port);
        this.doorway = doorway;
        this.gate = gate;
        this.failures = failures;
        this.queue = new DatagramQueue(System::nanoTime, events::overloaded);
        this.messageQueue = queue;
    }

    /** Reads the socket until the stack is stopped. */
    @Override
    @SuppressWarnings("JdkObsolete") // the stack's field is a LinkedList
    public void run() {
        messageChannels = new LinkedList<>(List.of(new Channel()));
        DatagramPacket packet = new DatagramPacket(new byte[LARGEST_DATAGRAM], LARGEST_DATAGRAM);
        while (!stopped) {
            try {
                packet.setLength(LARGEST_DATAGRAM);
                sock.receive(packet);
                received(packet);
            } catch (IOException e) {
                if (!stopped) {
                    failures.broken(e);
                }
                return;
            } catch (Throwable e) { // one datagram's failure costs that datagram
                failures.add("a datagram was not received", e);
            }
        }
    }

    private void received(DatagramPacket packet) {
        Forwarding instead = doorway.instead(
                packet.getData(),
                packet.getLength(),
                (InetSocketAddress) packet.getSocketAddress(),
                queue.waitedNanos());
        if (instead instanceof Forwarding.Answered answered) {
            send(answered);
        } else if (instead == null) {
            byte[] bytes = Arrays.copyOf(packet.getData(), packet.getLength());
            queue.add(new DatagramPacket(bytes, bytes.length, packet.getSocketAddress()));
        }
    }

    /** A response that the socket does not take is lost, as in the network: the request is sent again. */
    private void send(Forwarding.Answered answered) {
        byte[] response = answered.response().array();
        try {
            sock.send(new DatagramPacket(response, response.length, answered.target()));
        } catch (IOException e) {
            failures.add("a response was not sent", e);
        }
    }

    @Override
    public void stop() {
        stopped = true;
        super.stop();
    }

    @Override
    public MessageChannel createMessageChannel(HostPort target) throws UnknownHostException {
        return new Channel(target.getInetAddress(), target.getPort());
    }

    @Override
    public MessageChannel createMessageChannel(InetAddress address, int port) {
        return new Channel(address, port);
    }

    /** Handles the queued datagrams, or sends some to one address. */
    private final class Channel extends UDPMessageChannel {
        /** Starts the thread that handles datagrams. */
        Channel() {
            super(DatagramProcessor.this.sipStack, DatagramProcessor.this, "sip-datagrams");
        }

        Channel(InetAddress address, int port) {
            super(address, port, DatagramProcessor.this.sipStack, DatagramProcessor.this);
        }

        @Override
        public void run() {
            while (!stopped) {
                try {
                    super.run(); // returns when the stack is stopped
                } catch (Throwable e) { // one datagram's failure costs that datagram
                    failures.add("a datagram was not handled", e);
                }
            }
        }

        @Override
        public void processMessage(SIPMessage message) {
            try {
                super.processMessage(message);
            } catch (RuntimeException e) { // the stack would print the datagram
                failures.add("a datagram was not handled", e);
            }
            try {
                gate.messageQueued();
            } catch (InterruptedException e) { // the stack is stopped
                Thread.currentThread().interrupt();
            }
        }

        @Override
        protected void sendMessage(byte[] message, InetAddress address, int port, boolean retry) throws IOException {
            if (port <= 0 || port > LARGEST_PORT) {
                throw new IOException("no UDP port: " + port);
            }
            sock.send(new DatagramPacket(message, message.length, address, port));
        }

        /** Always over UDP: the transport comes from a Via, and the stack would open a TCP connection. */
        @Override
        protected void sendMessage(byte[] message, InetAddress address, int port, String transport, boolean retry)
                throws IOException {
            sendMessage(message, address, port, retry);
        }
    }
}
