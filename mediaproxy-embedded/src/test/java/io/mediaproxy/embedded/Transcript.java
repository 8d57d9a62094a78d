package io.mediaproxy.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * One exchange with the real dispatcher.
 *
 * @param sent the bytes of one write
 * @param received all replies in the order of arrival; {@code <<EOF>>} if the dispatcher closed the connection
 */
record Transcript(String name, String sent, String received, String note) {
    private static final Pattern CUT = Pattern.compile("\\.\\.\\.\\[(\\d+) bytes total]$");
    private static final String AFTER_USER_AGENT =
            "\r\nsignaling_ip: 127.0.0.1\r\nmedia_relay: \r\nmedia: " + Commands.AUDIO_OF_CALLER + "\r\n\r\n";
    private static final String AFTER_CALL_ID = "\r\ncseq: 1\r\nfrom_uri: alice@a\r\nto_uri: bob@b\r\nfrom_tag: ft"
            + "\r\nto_tag: \r\nuser_agent: caller" + AFTER_USER_AGENT;
    private static final String AFTER_SIGNALING_IP = AFTER_USER_AGENT.substring("\r\nsignaling_ip: 127.0.0.1".length());

    @Override
    public String toString() {
        return name;
    }

    static List<Transcript> readAll() {
        ObjectMapper json = new ObjectMapper();
        List<Transcript> transcripts = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(Transcript.class.getResourceAsStream("/dispatcher-transcripts.jsonl")),
                StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode node = json.readTree(line);
                String name = node.path("name").asText();
                if (!name.equals("_meta")) {
                    transcripts.add(new Transcript(
                            name,
                            restore(name, joined(node.path("sent"))),
                            joined(node.path("received")),
                            node.path("note").asText()));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return transcripts;
    }

    /** Several commands of one write, or several replies; null among replies if none came. */
    private static String joined(JsonNode node) {
        if (!node.isArray()) {
            return node.asText();
        }
        StringBuilder text = new StringBuilder();
        node.forEach(item -> text.append(item.isNull() ? "" : item.asText()));
        return text.toString();
    }

    /** Restores long values, of which the file contains only the beginning and the length. */
    private static String restore(String name, String sent) {
        if (name.equals("cs.hugest")) {
            return Commands.offer("csh").replace("cseq: 1\r\n", "cseq: " + "9".repeat(5_000) + "\r\n");
        }
        Matcher cut = CUT.matcher(sent);
        if (!cut.find()) {
            return sent;
        }
        int total = Integer.parseInt(cut.group(1));
        String begin = sent.substring(0, cut.start());
        String whole = switch (name) {
            case "no newline 16384 bytes", "no newline 16385 bytes" -> fill(begin, "", total);
            case "call_id 16000" -> fill(begin, AFTER_CALL_ID, total);
            case "1MB in 1000 headers" -> headers(1_000, "x".repeat(1_000));
            case "100k tiny headers" -> headers(100_000, "x");
            case "media.40 streams" -> streams(40, i -> "audio:10.1.1.1:" + (4000 + 2 * i) + ":sendrecv:ice=no");
            case "media.200 streams" -> streams(200, i -> "audio:10.1.1.1:" + (4000 + 2 * i) + ":sendrecv:ice=no");
            case "media.1100 streams" -> streams(1_100, i -> "a:1.1.1.1:" + (1000 + i) + ":");
            case "cmd name 16384 chars on LIVE call" ->
                fill(begin, "\r\ncall_id: victim\r\nfrom_tag: vt\r\n\r\n", total);
            default -> fill(begin, name.startsWith("sigip=") ? AFTER_SIGNALING_IP : AFTER_USER_AGENT, total);
        };
        if (whole.length() != total || !whole.startsWith(begin)) {
            throw new IllegalStateException(
                    name + ": restored " + whole.length() + " bytes of " + total + ", which do not fit what is left");
        }
        return whole;
    }

    private static String fill(String begin, String end, int total) {
        String last = begin.substring(begin.length() - 1);
        return begin + last.repeat(Math.max(0, total - begin.length() - end.length())) + end;
    }

    private static String headers(int count, String value) {
        String base = Commands.offer("h1");
        return base.substring(0, base.length() - 2)
                + IntStream.range(0, count)
                        .mapToObj(i -> "h" + i + ": " + value + "\r\n")
                        .collect(Collectors.joining())
                + "\r\n";
    }

    private static String streams(int count, IntFunction<String> stream) {
        return Commands.offer(
                "h1", 1, "", IntStream.range(0, count).mapToObj(stream).collect(Collectors.joining(",")));
    }
}
