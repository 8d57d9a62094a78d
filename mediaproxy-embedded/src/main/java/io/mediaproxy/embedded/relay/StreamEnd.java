package io.mediaproxy.embedded.relay;

import java.io.IOException;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** One end of a stream: its pair of ports, and what that end's SDP said. Used by the relay's thread only. */
final class StreamEnd {
    private final RelayContext relay;
    private final PortPool.Pair ports;
    private final PacketForwarder rtp;
    private final PacketForwarder rtcp;
    private @Nullable String sdpAddress;
    private @Nullable BigInteger sdpPort;
    private boolean onHold;
    private boolean ice;

    /**
     * Takes a pair of ports.
     *
     * @throws RelayRefusalException no ports are left
     */
    StreamEnd(RelayContext relay, RelayedStream stream) {
        this.relay = relay;
        this.ports = relay.ports().take();
        this.rtp = new PacketForwarder(ports.rtp(), relay, stream);
        this.rtcp = new PacketForwarder(ports.rtcp(), relay, stream);
        try {
            relay.watch(ports.rtp(), rtp);
            relay.watch(ports.rtcp(), rtcp);
        } catch (IOException e) {
            close();
            throw new RelayRefusalException("a port cannot be watched: " + e.getMessage());
        }
    }

    int rtpPort() {
        return ports.rtpPort();
    }

    PacketForwarder rtp() {
        return rtp;
    }

    PacketForwarder rtcp() {
        return rtcp;
    }

    void describe(OfferedMedia media) {
        sdpAddress = media.address();
        sdpPort = media.port();
    }

    void useIce(boolean value) {
        ice = value;
    }

    boolean usesIce() {
        return ice;
    }

    void hold(boolean value) {
        onHold = value;
    }

    boolean isOnHold() {
        return onHold;
    }

    /** An offer that says the same again, holds by 0.0.0.0, or disables the stream means this stream and no new one. */
    boolean isMeantBy(OfferedMedia media) {
        if (sdpAddress == null) {
            return false;
        }
        boolean sameAddress = media.address().equals(sdpAddress);
        boolean samePort = media.port().equals(sdpPort);
        return (sameAddress && samePort)
                || (media.address().equals("0.0.0.0") && samePort)
                || (sameAddress && media.isDisabled());
    }

    /** Nothing is known yet of where this end is. */
    boolean isUndescribed() {
        return sdpAddress == null || sdpAddress.equals("0.0.0.0");
    }

    boolean isMovedBy(OfferedMedia media) {
        boolean otherAddress =
                !media.address().equals(sdpAddress) && !media.address().equals("0.0.0.0");
        return otherAddress || !media.port().equals(sdpPort);
    }

    void close() {
        rtp.close();
        rtcp.close();
        relay.ports().release(ports);
    }
}
