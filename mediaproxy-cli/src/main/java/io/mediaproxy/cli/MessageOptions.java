package io.mediaproxy.cli;

import io.mediaproxy.protocol.DispatcherReply;
import io.mediaproxy.sdp.IceCandidate;
import io.mediaproxy.sdp.RelayEndpoints;
import io.mediaproxy.session.CallAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * The options of {@code rewrite} and {@code explain}: a message, and the attributes that a routing script would set for
 * its call.
 */
final class MessageOptions {
    @Parameters(
            paramLabel = "FILE|-",
            description =
                    "The message: one SIP request or response, or bare SDP, which becomes the offer of an INVITE. "
                            + "- reads standard input.")
    @SuppressWarnings("NullAway.Init") // set by picocli, which requires it
    String file;

    @Option(
            names = "--reply",
            paramLabel = "\"WORDS\"",
            converter = ReplyConverter.class,
            description = "The dispatcher's reply: the relay's address and a port for each stream, as in "
                    + "\"81.23.228.129 50000 50004\", or None, or error. "
                    + "Default: the reply of a relay on 127.0.0.1 in this process, with ports from 50000 on.")
    @Nullable String reply;

    @Option(
            names = "--ice-candidate",
            paramLabel = "none|low-priority|high-priority",
            converter = IceCandidateConverter.class,
            description = "The candidate that offers the relay to ICE. Default: none.")
    private IceCandidate iceCandidate = IceCandidate.NONE;

    @Option(
            names = "--signaling-ip",
            paramLabel = "ADDRESS",
            converter = SignalingIpConverter.class,
            description = "The phone's address in the command; also SOURCE_DESTINATION, or a JSON object. "
                    + "Default: that of --source.")
    private @Nullable String signalingIp;

    @Option(
            names = "--media-relay",
            paramLabel = "ADDRESS",
            converter = Addresses.Ipv4Converter.class,
            description = "The relay to request. Default: the dispatcher chooses.")
    private @Nullable String mediaRelay;

    @Option(
            names = "--source",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            converter = Addresses.IpConverter.class,
            description = "The address from which the message came. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // has a default
    String source;

    CallAttributes attributes() {
        return new CallAttributes(signalingIp, mediaRelay, iceCandidate);
    }

    /** Accepts only valid replies to an update, because a typing error would show nothing but a failure. */
    private static final class ReplyConverter implements ITypeConverter<String> {
        private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");

        @Override
        public String convert(String value) {
            if (!value.equals("None") && !value.equals("error")) {
                try {
                    checkEndpoints(value);
                } catch (IllegalArgumentException e) {
                    throw InvalidValue.expected("an IPv4 address and ports from 0 to 65534, None or error");
                }
            }
            return value;
        }

        private static void checkEndpoints(String value) {
            String[] words = value.strip().split("[ \t]+", -1);
            List<Integer> ports = new ArrayList<>();
            for (int i = 1; i < words.length; i++) {
                if (!PORT.matcher(words[i]).matches()) {
                    throw new IllegalArgumentException("not a port: " + words[i]);
                }
                ports.add(Integer.parseInt(words[i]));
            }
            RelayEndpoints.of(
                    new DispatcherReply.Endpoints(words[0], ports).address(),
                    ports.stream().mapToInt(Integer::intValue).toArray());
        }
    }

    static final class IceCandidateConverter implements ITypeConverter<IceCandidate> {
        @Override
        public IceCandidate convert(String value) {
            try {
                return IceCandidate.of(value);
            } catch (IllegalArgumentException e) {
                throw InvalidValue.expected("none, low-priority or high-priority");
            }
        }
    }

    /** The three forms of the module's {@code signaling_ip_avp}. */
    private static final class SignalingIpConverter implements ITypeConverter<String> {
        @Override
        public String convert(String value) {
            boolean object = value.startsWith("{") && value.endsWith("}");
            if (!object && !isAddresses(value.split("_", -1))) {
                throw InvalidValue.expected("an IP address, SOURCE_DESTINATION or a JSON object");
            }
            return value;
        }

        private static boolean isAddresses(String[] parts) {
            return Addresses.isIp(parts[0]) && (parts.length == 1 || (parts.length == 2 && Addresses.isIp(parts[1])));
        }
    }
}
