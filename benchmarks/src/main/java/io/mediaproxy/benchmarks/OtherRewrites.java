package io.mediaproxy.benchmarks;

import java.nio.charset.StandardCharsets;
import java.util.Vector;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sdp.Connection;
import javax.sdp.MediaDescription;
import javax.sdp.SdpException;
import javax.sdp.SdpFactory;
import javax.sdp.SessionDescription;
import org.jspecify.annotations.Nullable;

/** Other ways to rewrite a body. All of them convert it to a {@code String} first, and support the samples only. */
final class OtherRewrites {
    private static final String CONNECTION = "c=IN IP4 ";
    private static final String RTCP = "a=rtcp:";
    private static final Pattern TOKENS = Pattern.compile(
            "^(?:(?<connection>c=IN IP4 )\\S+|(?<media>m=\\S+ )\\d+|(?<rtcp>a=rtcp:)\\d+(?<address> IN IP4 )?\\S*)",
            Pattern.MULTILINE);

    private final SdpFactory factory = SdpFactory.getInstance();
    private final String address;
    private final int[] ports;

    OtherRewrites(String address, int... ports) {
        this.address = address;
        this.ports = ports.clone();
    }

    /** Makes an object for each line. */
    byte[] jainSdp(byte[] body) throws SdpException {
        SessionDescription session = factory.createSessionDescription(new String(body, StandardCharsets.UTF_8));
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

    /** Makes one pass of one compiled pattern. */
    byte[] regex(byte[] body) {
        String sdp = new String(body, StandardCharsets.UTF_8);
        StringBuilder rewritten = new StringBuilder(sdp.length() + 64);
        Matcher tokens = TOKENS.matcher(sdp);
        int stream = -1;
        int kept = 0;
        while (tokens.find()) {
            rewritten.append(sdp, kept, tokens.start());
            kept = tokens.end();
            if (tokens.start("connection") >= 0) {
                rewritten.append(tokens.group("connection")).append(address);
            } else if (tokens.start("media") >= 0) {
                stream++;
                rewritten.append(tokens.group("media")).append(ports[stream]);
            } else {
                rewritten.append(tokens.group("rtcp")).append(ports[stream] + 1);
                if (tokens.start("address") >= 0) {
                    rewritten.append(tokens.group("address")).append(address);
                }
            }
        }
        return rewritten.append(sdp, kept, sdp.length()).toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Splits the body into lines and three kinds of line into tokens, and joins all again. */
    byte[] split(byte[] body) {
        String[] lines = new String(body, StandardCharsets.UTF_8).split("\r\n", -1);
        int stream = -1;
        for (int i = 0; i < lines.length; i++) {
            String line = lines[i];
            if (line.startsWith(CONNECTION)) {
                lines[i] = CONNECTION + address;
            } else if (line.startsWith("m=")) {
                stream++;
                String[] tokens = line.split(" ", -1);
                tokens[1] = Integer.toString(ports[stream]);
                lines[i] = String.join(" ", tokens);
            } else if (line.startsWith(RTCP)) {
                boolean hasAddress = line.indexOf(' ') >= 0;
                lines[i] = RTCP + (ports[stream] + 1) + (hasAddress ? " IN IP4 " + address : "");
            }
        }
        return String.join("\r\n", lines).getBytes(StandardCharsets.UTF_8);
    }
}
