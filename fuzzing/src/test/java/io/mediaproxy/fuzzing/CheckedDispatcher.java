package io.mediaproxy.fuzzing;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.conformance.ConformanceVector;
import io.mediaproxy.embedded.dispatcher.DecodedCommand;
import io.mediaproxy.session.MediaProxy;
import io.mediaproxy.testing.ScriptedDispatcher;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A dispatcher that gives every stream a relay, and a {@link MediaProxy} that uses it, for as long as the JVM runs. It
 * checks the bytes of each command. Thread-safe.
 */
public final class CheckedDispatcher {
    /** Where all messages come from. */
    public static final String SOURCE = "198.51.100.7";

    private static final List<String> UPDATE = List.of(
            "type",
            "dialog_id",
            "call_id",
            "cseq",
            "from_uri",
            "to_uri",
            "from_tag",
            "to_tag",
            "user_agent",
            "signaling_ip",
            "media_relay");
    private static final List<String> REMOVE = List.of("call_id", "from_tag", "to_tag");
    private static final Pattern STREAM = Pattern.compile(
            "[^:,=\\s\\p{Cntrl}]+:[^:,=\\s\\p{Cntrl}]+:[0-9]{1,5}:[^:,=\\sA-Z\\p{Cntrl}]+:ice=(?:yes|no)");
    private static final int EACH = 7;
    private static final int FIRST_PORT = 40_000;
    private static final int LONGEST_UPDATE = 8191;

    private static final Queue<String> COMMANDS = new ConcurrentLinkedQueue<>();
    private static final MediaProxy MEDIA_PROXY = MediaProxy.builder()
            .dispatcherSocket(
                    ScriptedDispatcher.answering(CheckedDispatcher::reply).socket())
            .timeout(Duration.ofSeconds(20))
            .build();

    private CheckedDispatcher() {}

    /** The functions under test. */
    public static MediaProxy mediaProxy() {
        return MEDIA_PROXY;
    }

    /** Some messages of the conformance vectors: a hundred begin a corpus as well as all of them. */
    public static Stream<byte[]> messages() {
        List<ConformanceVector> all = ConformanceVector.all();
        return IntStream.range(0, all.size() / EACH)
                .mapToObj(i -> all.get(EACH * i).message().getBytes(StandardCharsets.UTF_8));
    }

    private static String reply(String command) {
        COMMANDS.add(command);
        if (command.startsWith("remove")) {
            return "removed\r\n";
        }
        int media = command.indexOf("\r\nmedia: ");
        StringBuilder reply = new StringBuilder("203.0.113.5");
        int port = FIRST_PORT;
        for (int at = media; at >= 0; at = command.indexOf(',', at + 1)) {
            reply.append(' ').append(port);
            port += 4;
        }
        return media < 0 ? "None\r\n" : reply.append("\r\n").toString();
    }

    /**
     * Takes and checks the commands since the last call: their bytes are what the dispatcher's grammar allows, and
     * nothing of a message can add a header or a command.
     *
     * @return the headers of each, by name, as an independent reader finds them
     */
    public static List<Map<String, String>> checkedCommands() {
        List<Map<String, String>> decoded = COMMANDS.stream()
                .map(CheckedDispatcher::checked)
                .map(DecodedCommand::headers)
                .toList();
        COMMANDS.clear();
        return decoded;
    }

    private static DecodedCommand checked(String text) {
        assertThat(text).matches("(?s)(?:update|remove)\r\n.*\r\n\r\n").doesNotContain("\0");
        assertThat(text.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(LONGEST_UPDATE);
        List<String> lines = List.of(text.substring(0, text.length() - 4).split("\r\n", -1));
        boolean update = lines.get(0).equals("update");
        List<String> names = update ? UPDATE : REMOVE;
        for (int i = 0; i < names.size(); i++) {
            assertThat(lines.get(i + 1)).startsWith(names.get(i) + ": ").doesNotContain("\r", "\n");
        }
        int rest = lines.size() - 1 - names.size();
        assertThat(rest).isBetween(0, update ? 1 : 0);
        if (rest == 1) {
            String media = lines.get(lines.size() - 1);
            assertThat(media).startsWith("media: ");
            for (String stream : media.substring("media: ".length()).split(",", -1)) {
                assertThat(stream).matches(STREAM);
            }
        }
        DecodedCommand decoded = DecodedCommand.of(text);
        assertThat(decoded.headers()).containsKeys("call_id", "from_tag");
        if (update) {
            assertThat(decoded.headers()).containsKeys("type", "cseq", "from_uri", "to_uri", "user_agent");
            assertThat(decoded.headers().get("cseq")).matches("[0-9]{1,10}");
            assertThat(decoded.headers().get("signaling_ip")).isEqualTo(SOURCE);
        }
        return decoded;
    }
}
