package io.mediaproxy.cli.demo;

import gov.nist.core.net.NetworkLayer;
import gov.nist.javax.sip.EventScanner;
import gov.nist.javax.sip.EventWrapper;
import gov.nist.javax.sip.SipStackImpl;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Properties;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.sip.IOExceptionEvent;
import javax.sip.PeerUnavailableException;

/**
 * A JAIN-SIP stack over one UDP socket that is already bound.
 *
 * <p>The reference implementation takes only port numbers, refuses 0, and leaves a thread behind when it stops; this subclass
 * gives it the socket itself and ends that thread.
 */
public final class UdpStack extends SipStackImpl {
    /** What comes in while the garbage collector has the word, or the processor is somebody else's; the stack's default is 64 KiB. */
    static final int RECEIVE_BUFFER = 2 << 20;

    private final DatagramSocket socket;

    /**
     * Takes a socket over; it is closed when the stack stops.
     *
     * @param dialogs whether the stack keeps dialogs, as a phone needs it and a proxy must not
     */
    public UdpStack(String name, boolean dialogs, DatagramSocket socket) throws PeerUnavailableException {
        super(properties(name, dialogs));
        this.socket = socket;
        this.networkLayer = new OneSocket(socket);
    }

    private static Properties properties(String name, boolean dialogs) {
        Properties properties = new Properties();
        properties.setProperty("javax.sip.STACK_NAME", name);
        properties.setProperty("javax.sip.AUTOMATIC_DIALOG_SUPPORT", dialogs ? "on" : "off");
        properties.setProperty("gov.nist.javax.sip.STACK_LOGGER", Slf4jStackLogger.class.getName());
        // One thread reads the socket: with more, or with the default of one a datagram, messages overtake each other.
        properties.setProperty("gov.nist.javax.sip.THREAD_POOL_SIZE", "1");
        // The stack sets it when it takes the socket.
        properties.setProperty("gov.nist.javax.sip.RECEIVE_UDP_BUFFER_SIZE", String.valueOf(RECEIVE_BUFFER));
        // No timer that throws away what waited long: a call is a dozen messages.
        properties.setProperty("gov.nist.javax.sip.CONGESTION_CONTROL_TIMEOUT", "0");
        // Only a stack with a keep-alive interval answers a keep-alive, and its answer says that it has taken what came
        // before.
        properties.setProperty("gov.nist.javax.sip.MIN_KEEPALIVE_TIME_SECONDS", "1");
        return properties;
    }

    /** Stops the stack and all its threads; takes a second, in which the reference implementation sleeps. */
    @Override
    public void stop() {
        EventScanner scanner = getEventScanner();
        super.stop();
        if (scanner != null) {
            // The scanner looks whether it was stopped only between two events: without one more it waits for ever.
            IOExceptionEvent last = new IOExceptionEvent(this, getStackName(), socket.getLocalPort(), "udp");
            scanner.addEvent(new EventWrapper(last, null));
        }
    }

    /** Hands the stack its socket; everything but UDP is refused. */
    private record OneSocket(DatagramSocket socket) implements NetworkLayer {
        @Override
        public DatagramSocket createDatagramSocket() {
            return socket;
        }

        @Override
        public DatagramSocket createDatagramSocket(int port, InetAddress address) throws SocketException {
            if (port != socket.getLocalPort()) {
                throw new SocketException("this stack has port " + socket.getLocalPort() + ", not " + port);
            }
            return socket;
        }

        @Override
        public ServerSocket createServerSocket(int port, int backlog, InetAddress bind) throws SocketException {
            throw udpOnly();
        }

        @Override
        public SSLServerSocket createSSLServerSocket(int port, int backlog, InetAddress bind) throws SocketException {
            throw udpOnly();
        }

        @Override
        public Socket createSocket(InetAddress address, int port) throws SocketException {
            throw udpOnly();
        }

        @Override
        public Socket createSocket(InetAddress address, int port, InetAddress local) throws SocketException {
            throw udpOnly();
        }

        @Override
        public Socket createSocket(InetAddress address, int port, InetAddress local, int localPort)
                throws SocketException {
            throw udpOnly();
        }

        @Override
        public SSLSocket createSSLSocket(InetAddress address, int port) throws SocketException {
            throw udpOnly();
        }

        @Override
        public SSLSocket createSSLSocket(InetAddress address, int port, InetAddress local) throws SocketException {
            throw udpOnly();
        }

        @Override
        public void setSipStack(SipStackImpl stack) {
            // The socket knows all it needs.
        }

        private static SocketException udpOnly() {
            return new SocketException("this stack speaks UDP only");
        }
    }
}
