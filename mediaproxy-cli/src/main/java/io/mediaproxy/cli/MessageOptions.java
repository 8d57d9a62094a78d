package io.mediaproxy.cli;

import io.mediaproxy.protocol.DispatcherReply;
import io.mediaproxy.sdp.RelayEndpoints;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
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

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli before it calls anything else
    ModuleParameters parameters;

    @Option(
            names = "--source",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            converter = Addresses.IpConverter.class,
            description = "The address from which the message came. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // has a default
    String source;

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
}
