package io.mediaproxy.cli.demo;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Vector;
import javax.sdp.Connection;
import javax.sdp.MediaDescription;
import javax.sdp.SdpException;
import javax.sdp.SdpFactory;
import javax.sdp.SessionDescription;

/** What a phone says in SDP about its audio, and how it reads what the other one said. */
final class PhoneSdp {
    private PhoneSdp() {}

    /**
     * An offer or answer of one PCMU stream.
     *
     * @param address what the phone takes for its address; behind NAT nobody else can reach it
     * @param port what it takes for its RTP port
     */
    static byte[] describe(String user, String address, int port) {
        String sdp = String.join(
                "\r\n",
                "v=0",
                "o=" + user + " 3724394400 3724394400 IN IP4 " + address,
                "s=-",
                "c=IN IP4 " + address,
                "t=0 0",
                "m=audio " + port + " RTP/AVP 0",
                "a=rtpmap:0 PCMU/8000",
                "a=rtcp:" + (port + 1),
                "a=ptime:" + Tone.FRAME_MILLIS,
                "a=sendrecv",
                "");
        return sdp.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Where the other party wants its audio: the first audio stream's own address, or the session's.
     *
     * @throws SdpException if there is no audio stream with an address
     */
    static InetSocketAddress audioTarget(byte[] sdp) throws SdpException {
        SessionDescription session =
                SdpFactory.getInstance().createSessionDescription(new String(sdp, StandardCharsets.UTF_8));
        Vector<?> streams = session.getMediaDescriptions(true);
        for (Object stream : streams) {
            MediaDescription description = (MediaDescription) stream;
            if (description.getMedia().getMediaType().equals("audio")) {
                Connection own = description.getConnection();
                Connection connection = own == null ? session.getConnection() : own;
                if (connection == null) {
                    throw new SdpException("the audio stream has no address");
                }
                return new InetSocketAddress(
                        connection.getAddress(), description.getMedia().getMediaPort());
            }
        }
        throw new SdpException("the SDP has no audio stream");
    }
}
