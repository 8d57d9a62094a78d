package io.mediaproxy.cli;

import io.mediaproxy.sdp.IceCandidate;
import io.mediaproxy.session.CallAttributes;
import io.mediaproxy.session.MediaProxyBuilder;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;

/** The options for the parameters of the module that a routing script would set for a call. */
final class ModuleParameters {
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
                    + "Default: the source address of the message.")
    private @Nullable String signalingIp;

    @Option(
            names = "--media-relay",
            paramLabel = "ADDRESS",
            converter = Addresses.Ipv4Converter.class,
            description = "The relay to request. Default: the dispatcher chooses.")
    private @Nullable String mediaRelay;

    CallAttributes attributes() {
        return new CallAttributes(signalingIp, mediaRelay, iceCandidate);
    }

    /** Sets them for all calls. */
    void configure(MediaProxyBuilder builder) {
        builder.iceCandidate(iceCandidate);
        if (mediaRelay != null) {
            builder.mediaRelay(mediaRelay);
        }
        String address = signalingIp;
        if (address != null) {
            builder.signalingIp((message, attributes) -> address);
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
