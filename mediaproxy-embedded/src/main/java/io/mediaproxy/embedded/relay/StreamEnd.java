package io.mediaproxy.embedded.relay;

import java.io.IOException;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** One end of a stream: its pair of ports, and the values of that party's SDP. Confined to the relay thread. */
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

    /**
     * Whether an offer means this stream: with the same address, with 0.0.0.0 for hold, or with port 0 to disable it.
     */
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

    /** Whether the address of this end is unknown so far. */
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
