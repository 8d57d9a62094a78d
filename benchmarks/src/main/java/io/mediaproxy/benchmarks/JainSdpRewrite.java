package io.mediaproxy.benchmarks;

import java.nio.charset.StandardCharsets;
import java.util.Vector;
import javax.sdp.Connection;
import javax.sdp.MediaDescription;
import javax.sdp.SdpException;
import javax.sdp.SdpFactory;
import javax.sdp.SessionDescription;
import org.jspecify.annotations.Nullable;

/**
 * The rewrite with JAIN-SDP: the body becomes a {@code String}, then an object for each line, then a {@code String} and bytes
 * again. Supports the samples only.
 */
final class JainSdpRewrite {
    private final SdpFactory sdp = SdpFactory.getInstance();
    private final String address;
    private final int[] ports;

    JainSdpRewrite(String address, int... ports) {
        this.address = address;
        this.ports = ports.clone();
    }

    byte[] rewrite(byte[] body) throws SdpException {
        SessionDescription session = sdp.createSessionDescription(new String(body, StandardCharsets.UTF_8));
        setAddress(session.getConnection());
        Vector<?> streams = session.getMediaDescriptions(false);
        for (int i = 0; i < streams.size(); i++) {
            MediaDescription stream = (MediaDescription) streams.get(i);
            stream.getMedia().setMediaPort(ports[i]);
            setAddress(stream.getConnection());
            String rtcp = stream.getAttribute("rtcp");
            if (rtcp != null) {
                boolean hasAddress = rtcp.indexOf(' ') >= 0;
                stream.setAttribute("rtcp", hasAddress ? ports[i] + 1 + " IN IP4 " + address : "" + (ports[i] + 1));
            }
        }
        return session.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void setAddress(@Nullable Connection connection) throws SdpException {
        if (connection != null) {
            connection.setAddress(address);
        }
    }
}
