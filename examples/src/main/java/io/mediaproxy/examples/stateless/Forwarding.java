package io.mediaproxy.examples.stateless;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** The decision about one datagram. The buffers belong to the receiver, and fill their arrays. */
public sealed interface Forwarding {
    /** Forward the message, after the relay is in its SDP. */
    record Onward(ByteBuffer message, InetSocketAddress target) implements Forwarding {}

    /** Send a response of the proxy itself. */
    record Answered(ByteBuffer response, InetSocketAddress target) implements Forwarding {}

    /** Send nothing. */
    record Dropped(String why) implements Forwarding {}

    /** Send nothing: a response to a request that this proxy did not forward, or that is to go elsewhere. */
    record Stray() implements Forwarding {}
}
