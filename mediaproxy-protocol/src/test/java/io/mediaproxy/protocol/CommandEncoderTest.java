package io.mediaproxy.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CommandEncoderTest {
    /** Every distinct command that Kamailio's module sent for 551 SIP messages. The file has LF, the wire CRLF. */
    static List<String> kamailioCommands() throws IOException {
        try (InputStream resource =
                Objects.requireNonNull(CommandEncoderTest.class.getResourceAsStream("update-commands.txt"))) {
            String text = new String(resource.readAllBytes(), StandardCharsets.UTF_8).replace("\n", "\r\n");
            List<String> commands = new ArrayList<>();
            for (int start = 0; start < text.length(); ) {
                int end = text.indexOf("\r\n\r\n", start) + 4;
                commands.add(text.substring(start, end));
                start = end;
            }
            assertThat(commands).hasSize(293);
            return commands;
        }
    }

    @ParameterizedTest
    @MethodSource("kamailioCommands")
    void shouldWriteTheSameBytesAsKamailio(String expected) {
        assertThat(encode(parse(expected))).isEqualTo(expected);
    }

    private static UpdateCommand parse(String wire) {
        Map<String, String> headers = new LinkedHashMap<>();
        List<String> lines = wire.lines().filter(line -> !line.isEmpty()).toList();
        assertThat(lines.get(0)).isEqualTo("update");
        for (String line : lines.subList(1, lines.size())) {
            int colon = line.indexOf(": ");
            headers.put(line.substring(0, colon), line.substring(colon + 2));
        }
        List<MediaStream> media = new ArrayList<>();
        if (headers.containsKey("media")) {
            for (String stream : get(headers, "media").split(",", -1)) {
                String[] parts = stream.split(":", -1);
                media.add(new MediaStream(
                        parts[0], parts[1], Integer.parseInt(parts[2]), parts[3], parts[4].equals("ice=yes")));
            }
        }
        return UpdateCommand.builder(
                        UpdateCommand.Type.valueOf(get(headers, "type").toUpperCase(Locale.ROOT)))
                .dialogId(get(headers, "dialog_id"))
                .callId(get(headers, "call_id"))
                .cseq(get(headers, "cseq"))
                .fromUri(get(headers, "from_uri"))
                .toUri(get(headers, "to_uri"))
                .fromTag(get(headers, "from_tag"))
                .toTag(get(headers, "to_tag"))
                .userAgent(get(headers, "user_agent"))
                .signalingIp(get(headers, "signaling_ip"))
                .mediaRelay(get(headers, "media_relay"))
                .media(media)
                .build();
    }

    private static String get(Map<String, String> headers, String name) {
        return Objects.requireNonNull(headers.get(name), name);
    }

    private static String encode(UpdateCommand command) {
        return new String(Commands.encode(command), StandardCharsets.UTF_8);
    }

    @Test
    void shouldWriteRemoveWithBothTags() {
        byte[] bytes = Commands.encode(new RemoveCommand("c@h", "ft", ""));

        assertThat(new String(bytes, StandardCharsets.UTF_8))
                .isEqualTo("remove\r\ncall_id: c@h\r\nfrom_tag: ft\r\nto_tag: \r\n\r\n");
    }

    @Test
    void shouldWriteCharactersOfEachUtf8LengthAsTheJdkDoes() {
        String mixed = "a\u00e7\u0438\u2603\u20ac\ud83d\ude00z\u07ff\u0800\uffff\ud800\udc00\udbff\udfff";

        String wire = encode(Commands.update("c-" + mixed));

        assertThat(wire).contains("call_id: c-" + mixed + "\r\n");
        assertThat(Commands.encode(Commands.update("c-" + mixed))).isEqualTo(wire.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void shouldStayWithinKamailiosBuffersWithEveryValueAtItsLimit() {
        MediaStream stream = new MediaStream("a".repeat(54), "h".repeat(50), 65_535, "sendrecv", false);
        UpdateCommand largest = UpdateCommand.builder(UpdateCommand.Type.REQUEST)
                .dialogId("d".repeat(256))
                .callId("c".repeat(512))
                .cseq("1234567890")
                .fromUri("f".repeat(256))
                .toUri("t".repeat(256))
                .fromTag("f".repeat(256))
                .toTag("t".repeat(256))
                .userAgent("u".repeat(256))
                .signalingIp("s".repeat(512))
                .mediaRelay("100.100.100.100")
                .media(Collections.nCopies(32, stream))
                .build();

        assertThat(CommandEncoder.mediaLength(largest.media())).isEqualTo(4095);
        assertThat(Commands.encode(largest)).hasSizeLessThan(8192);
        assertThat(Commands.encode(new RemoveCommand("c".repeat(512), "f".repeat(256), "t".repeat(256))))
                .hasSizeLessThan(2048);
    }
}
