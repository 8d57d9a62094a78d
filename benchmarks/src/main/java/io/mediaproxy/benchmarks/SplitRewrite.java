package io.mediaproxy.benchmarks;

import java.nio.charset.StandardCharsets;

/**
 * The rewrite with methods of {@code String}: the body is split into lines, three kinds of line are split into tokens, and all
 * is joined again. Supports the samples only.
 */
final class SplitRewrite {
    private static final String CONNECTION = "c=IN IP4 ";
    private static final String RTCP = "a=rtcp:";

    private final String address;
    private final int[] ports;

    SplitRewrite(String address, int... ports) {
        this.address = address;
        this.ports = ports.clone();
    }

    byte[] rewrite(byte[] body) {
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
