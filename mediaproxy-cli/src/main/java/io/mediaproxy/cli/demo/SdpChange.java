package io.mediaproxy.cli.demo;

import java.util.List;

/**
 * What became of one session description at the proxy.
 *
 * @param message which message carried it: {@code INVITE}, {@code 200 OK}
 * @param result what the media relay's client said, for people
 * @param before the body as it came
 * @param after the body as it went on
 * @param edits what was changed, in the order of the lines
 */
record SdpChange(String message, String result, String before, String after, List<Edit> edits) {
    SdpChange {
        edits = List.copyOf(edits);
    }

    /**
     * One edit.
     *
     * @param line number of the line in the body as it came, from 1
     * @param before the old text, empty where a line was inserted
     * @param after the new text
     * @param why the reason
     */
    record Edit(int line, String before, String after, String why) {}
}
