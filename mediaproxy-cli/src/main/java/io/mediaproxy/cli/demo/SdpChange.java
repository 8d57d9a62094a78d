package io.mediaproxy.cli.demo;

import io.mediaproxy.sdp.SdpEdits;
import java.util.List;

/**
 * The change of one session description at the proxy.
 *
 * @param message the message that carried it: {@code INVITE}, {@code 200}
 * @param relayed whether its media go through the relay
 * @param result what came of it, for people
 * @param before the body as it came
 * @param after the body as it went on
 * @param edits what was changed, in the order of the lines
 */
record SdpChange(
        String message, boolean relayed, String result, String before, String after, List<SdpEdits.Explanation> edits) {
    SdpChange {
        edits = List.copyOf(edits);
    }
}
