package io.mediaproxy.embedded.dispatcher;

import io.mediaproxy.embedded.relay.RelayCommand;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One command as the dispatcher reads it. The dispatcher uses {@code call_id}, {@code dialog_id} and
 * {@code media_relay} only; the relay gets all headers.
 *
 * @param toRelay the part that a relay gets
 * @param headers name to value; the last one of a name counts
 * @param text the whole request as it came, including the lines that the dispatcher drops
 * @param defect why the dispatcher refuses it without asking a relay; null if it does not
 */
record Command(
        RelayCommand toRelay,
        Map<String, String> headers,
        String text,
        @Nullable String defect) {
    private static final String SEPARATOR = ": ";

    /**
     * Parses a request.
     *
     * @param lines the command name and the headers
     * @param text the whole request
     */
    static Command parse(List<String> lines, String text) {
        List<RelayCommand.Header> headers = new ArrayList<>(lines.size() - 1);
        Map<String, String> byName = new HashMap<>();
        String defect = null;
        for (String line : lines.subList(1, lines.size())) {
            int at = line.indexOf(SEPARATOR);
            if (at < 0) {
                defect = "a header has no \": \"";
                break;
            }
            RelayCommand.Header header =
                    new RelayCommand.Header(line.substring(0, at), line.substring(at + SEPARATOR.length()));
            headers.add(header);
            byName.put(header.name(), header.value());
        }
        if (defect == null && !byName.containsKey("call_id")) {
            defect = "there is no call_id";
        }
        return new Command(new RelayCommand(lines.get(0), headers), byName, text, defect);
    }

    /** The first line. */
    String name() {
        return toRelay.name();
    }

    /** The Call-ID; empty if the command has none. */
    String callId() {
        return headers.getOrDefault("call_id", "");
    }

    /** The value of a header; null if it is absent. */
    @Nullable String header(String headerName) {
        return headers.get(headerName);
    }
}
