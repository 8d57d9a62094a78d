package io.mediaproxy.embedded;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One command as the dispatcher reads it. The dispatcher looks into {@code call_id}, {@code dialog_id} and
 * {@code media_relay} only; the relay reads the lines again, by its own rules ({@link RelayHeaders}).
 *
 * @param name the first line as a whole
 * @param headerLines the lines after it
 * @param headers name to value; of a name that comes twice the last one counts
 * @param text all of it as it came, also the lines that the dispatcher drops
 * @param defect why the dispatcher refuses it without asking a relay; null: it does not
 */
record Command(
        String name,
        List<String> headerLines,
        Map<String, String> headers,
        String text,
        @Nullable String defect) {
    private static final String SEPARATOR = ": ";

    static Command parse(List<String> lines, String text) {
        List<String> headerLines = List.copyOf(lines.subList(1, lines.size()));
        Map<String, String> headers = new HashMap<>();
        String defect = null;
        for (String line : headerLines) {
            int at = line.indexOf(SEPARATOR);
            if (at < 0) {
                defect = "a header has no \": \"";
                break;
            }
            headers.put(line.substring(0, at), line.substring(at + SEPARATOR.length()));
        }
        if (defect == null && !headers.containsKey("call_id")) {
            defect = "there is no call_id";
        }
        return new Command(lines.get(0), headerLines, headers, text, defect);
    }

    /** Empty when the command names none. */
    String callId() {
        return headers.getOrDefault("call_id", "");
    }

    @Nullable String header(String headerName) {
        return headers.get(headerName);
    }
}
