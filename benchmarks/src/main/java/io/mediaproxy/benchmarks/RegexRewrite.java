package io.mediaproxy.benchmarks;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The rewrite with regular expressions of the JDK: one pass of one compiled pattern over the body as a {@code String}. Supports
 * the samples only.
 */
final class RegexRewrite {
    private static final Pattern TOKENS = Pattern.compile(
            "^(?:(?<connection>c=IN IP4 )\\S+|(?<media>m=\\S+ )\\d+|(?<rtcp>a=rtcp:)\\d+(?<address> IN IP4 )?\\S*)",
            Pattern.MULTILINE);

    private final String address;
    private final int[] ports;

    RegexRewrite(String address, int... ports) {
        this.address = address;
        this.ports = ports.clone();
    }

    byte[] rewrite(byte[] body) {
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
}
