package io.mediaproxy.examples.pkts.proxy;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** What is to be done about one datagram. The buffers are the receiver's, and fill their arrays. */
sealed interface Forwarding {
    /** The message goes on, as soon as the relay is in its SDP. */
    record Onward(ByteBuffer message, InetSocketAddress target) implements Forwarding {}

    /** The request is answered by the proxy itself. */
    record Answered(ByteBuffer reply, InetSocketAddress target) implements Forwarding {}

    /** Nothing goes out. */
    record Dropped(String why) implements Forwarding {}
}
