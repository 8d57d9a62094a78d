package io.mediaproxy.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mediaproxy.protocol.log.Excerpt;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandValuesTest {
    private static final MediaStream STREAM = new MediaStream("audio", "10.0.0.1", 4000, "sendrecv", false);

    private static UpdateCommand with(String header, String value) {
        Map<String, String> v = new LinkedHashMap<>(Map.of(
                "dialog_id",
                "1:2",
                "call_id",
                "c",
                "cseq",
                "1",
                "from_uri",
                "f",
                "to_uri",
                "t",
                "from_tag",
                "ft",
                "to_tag",
                "tt",
                "user_agent",
                "ua",
                "signaling_ip",
                "127.0.0.1",
                "media_relay",
                "1.2.3.4"));
        assertThat(v.put(header, value)).isNotNull();
        return UpdateCommand.builder(UpdateCommand.Type.REPLY)
                .dialogId(get(v, "dialog_id"))
                .callId(get(v, "call_id"))
                .cseq(get(v, "cseq"))
                .fromUri(get(v, "from_uri"))
                .toUri(get(v, "to_uri"))
                .fromTag(get(v, "from_tag"))
                .toTag(get(v, "to_tag"))
                .userAgent(get(v, "user_agent"))
                .signalingIp(get(v, "signaling_ip"))
                .mediaRelay(get(v, "media_relay"))
                .media(List.of(STREAM))
                .build();
    }

    private static <T> T get(Map<String, T> values, String name) {
        return Objects.requireNonNull(values.get(name), name);
    }

    static Map<String, Consumer<String>> identifyingValues() {
        Map<String, Consumer<String>> values = new LinkedHashMap<>();
        for (String header :
                List.of("dialog_id", "call_id", "cseq", "from_tag", "to_tag", "signaling_ip", "media_relay")) {
            values.put("update " + header, value -> with(header, value));
        }
        values.put("remove call_id", value -> new RemoveCommand(value, "ft", "tt"));
        values.put("remove from_tag", value -> new RemoveCommand("c", value, "tt"));
        values.put("remove to_tag", value -> new RemoveCommand("c", "ft", value));
        values.put("media type", value -> new MediaStream(value, "10.0.0.1", 1, "sendrecv", false));
        values.put("media address", value -> new MediaStream("audio", value, 1, "sendrecv", false));
        values.put("media direction", value -> new MediaStream("audio", "10.0.0.1", 1, value, false));
        return values;
    }

    static List<String> identifyingNames() {
        return List.copyOf(identifyingValues().keySet());
    }

    @ParameterizedTest
    @MethodSource("identifyingNames")
    void shouldRefuseLineBreaksAndNulAtAnyPosition(String name) {
        Consumer<String> build = get(identifyingValues(), name);
        for (String bad : List.of("\r", "\n", "\0", "\r\n")) {
            for (String value : List.of("1" + bad + "1", bad + "1", "1" + bad)) {
                CommandRefusedException refused =
                        catchThrowableOfType(CommandRefusedException.class, () -> build.accept(value));
                assertThat(refused).as(name).isNotNull();
                assertThat(refused.field()).isEqualTo(name.substring(name.startsWith("media") ? 0 : 7));
                assertThat(refused.limit()).isEqualTo("no CR, LF or NUL");
                assertThat(refused).hasMessageNotContainingAny("\r", "\n", "\0");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("identifyingNames")
    void shouldRefuseAValueThatIsTooLong(String name) {
        Consumer<String> build = get(identifyingValues(), name);

        CommandRefusedException refused =
                catchThrowableOfType(CommandRefusedException.class, () -> build.accept("1".repeat(513)));

        assertThat(refused.limit()).matches("at most [0-9]+ bytes");
        assertThat(refused.got()).isEqualTo("\"" + "1".repeat(64) + "\"... of 513 bytes");
        assertThat(refused.isRetrySafe()).isTrue();
    }

    @Test
    void shouldAcceptIdentifyingValuesUpToTheirLimits() {
        assertThat(with("call_id", "c".repeat(512)).callId()).hasSize(512);
        assertThat(with("from_tag", "c".repeat(256)).fromTag()).hasSize(256);
        assertThatThrownBy(() -> with("to_tag", "c".repeat(257))).hasMessageContaining("at most 256 bytes");
        assertThat(with("dialog_id", "c".repeat(256)).dialogId()).hasSize(256);
        assertThat(with("call_id", "\u20ac".repeat(170)).callId()).hasSize(170);
        assertThatThrownBy(() -> with("call_id", "\u20ac".repeat(171))).hasMessageContaining("of 513 bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "\t", " \t ", "\u00a0", "\u3000", "\u0085", "\u2028"})
    void shouldDropWhiteSpaceAtTheEndOfEveryValue(String space) {
        UpdateCommand command = UpdateCommand.builder(UpdateCommand.Type.REQUEST)
                .dialogId("1:2" + " ")
                .callId("c: " + space)
                .cseq("1" + space)
                .fromUri("f" + space)
                .toUri("t" + space)
                .fromTag("ft" + space)
                .toTag("tt" + space)
                .userAgent("foo: " + space)
                .signalingIp("1.2.3.4" + space)
                .mediaRelay("1.2.3.4" + space)
                .build();

        assertThat(command)
                .isEqualTo(UpdateCommand.builder(UpdateCommand.Type.REQUEST)
                        .dialogId("1:2")
                        .callId("c:")
                        .cseq("1")
                        .fromUri("f")
                        .toUri("t")
                        .fromTag("ft")
                        .toTag("tt")
                        .userAgent("foo:")
                        .signalingIp("1.2.3.4")
                        .mediaRelay("1.2.3.4")
                        .build());
        assertThat(new RemoveCommand("c: " + space, "ft" + space, "tt" + space))
                .isEqualTo(new RemoveCommand("c:", "ft", "tt"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t "})
    void shouldRefuseAnEmptyCallIdOrFromTag(String empty) {
        for (String field : List.of("call_id", "from_tag")) {
            assertThatThrownBy(() -> with(field, empty))
                    .isInstanceOf(CommandRefusedException.class)
                    .hasMessageStartingWith(field + " refused")
                    .hasMessageEndingWith("allowed: not empty");
        }
        assertThatThrownBy(() -> new RemoveCommand(empty, "ft", "")).isInstanceOf(CommandRefusedException.class);
        assertThatThrownBy(() -> new RemoveCommand("c", empty, "")).isInstanceOf(CommandRefusedException.class);
        assertThat(with("to_tag", empty).toTag()).isEmpty();
        assertThat(with("media_relay", empty).mediaRelay()).isEmpty();
    }

    static Map<String, Function<String, String>> descriptiveValues() {
        return Map.of(
                "from_uri", value -> with("from_uri", value).fromUri(),
                "to_uri", value -> with("to_uri", value).toUri(),
                "user_agent", value -> with("user_agent", value).userAgent());
    }

    static List<String> descriptiveNames() {
        return List.copyOf(descriptiveValues().keySet());
    }

    @ParameterizedTest
    @MethodSource("descriptiveNames")
    void shouldSanitiseDescriptiveValues(String name) {
        Function<String, String> mend = get(descriptiveValues(), name);

        assertThat(mend.apply("Foo\r\n bar\0baz\rqux\n")).isEqualTo("Foo  bar baz qux");
        assertThat(mend.apply("x\r\nmedia_relay: 6.6.6.6")).isEqualTo("x media_relay: 6.6.6.6");
        assertThat(mend.apply("y".repeat(300))).isEqualTo("y".repeat(256));
        assertThat(mend.apply("y".repeat(255) + " zzz")).isEqualTo("y".repeat(255));
        assertThat(mend.apply("y".repeat(255) + "\u00e9")).isEqualTo("y".repeat(255));
        assertThat(mend.apply("y".repeat(253) + "\ud83d\ude00")).isEqualTo("y".repeat(253));
        assertThat(mend.apply("y".repeat(252) + "\ud83d\ude00")).isEqualTo("y".repeat(252) + "\ud83d\ude00");
        String ifEmpty = name.equals("user_agent") ? "unknown agent" : "unknown";
        for (String empty : List.of("", " ", "\r\n", "\0")) {
            assertThat(mend.apply(empty)).isEqualTo(ifEmpty);
        }
    }

    @Test
    void shouldMapUnpairedSurrogatesTheSameInUpdateAndRemove() {
        for (String bad : List.of("\ud800", "\udc00", "\ud800a", "a\udfff", "\ud83d\ud83d\ude00", "\ude00\ud83d")) {
            String mapped = with("call_id", "c" + bad).callId();
            assertThat(new RemoveCommand("c" + bad, "f", "t").callId()).isEqualTo(mapped);
            assertThat(mapped).contains("\ufffd").hasSize(bad.length() + 1);
            assertThat(with("user_agent", "c" + bad).userAgent()).isEqualTo(mapped);
        }
        assertThat(with("call_id", "\ud83d\ud83d\ude00").callId()).isEqualTo("\ufffd\ud83d\ude00");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "-1", "1 2", "1_0", "\u0661", "12345678901", "+1", "1.0"})
    void shouldRefuseACseqThatIsNotOneToTenDigits(String cseq) {
        assertThatThrownBy(() -> with("cseq", cseq)).isInstanceOf(CommandRefusedException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u00fc", "a\tb", "\u007f"})
    void shouldRefuseADialogIdThatIsNotPrintableAscii(String dialogId) {
        assertThatThrownBy(() -> with("dialog_id", dialogId)).hasMessageContaining("printable ASCII");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "203.0.113.7",
                "203.0.113.7_198.51.100.2",
                "2001:db8::1",
                "2001:db8::1_2001:db8::2",
                "{}",
                "{\"signaling_ip\":\"203.0.113.7\",\"destination_ip\":\"198.51.100.2\",\"username\":\"alice\"}",
                "1.2.3",
                "truely"
            })
    void shouldAcceptEachFormOfSignalingIp(String value) {
        assertThat(with("signaling_ip", value).signalingIp()).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "5",
                "-5",
                "0",
                "1.5",
                "1e9",
                " 5",
                "true",
                "false",
                "null",
                "NaN",
                "Infinity",
                "-Infinity",
                " null",
                "\"1.2.3.4\"",
                "[]",
                "[[[[",
                "{",
                "{\"a\":1"
            })
    void shouldRefuseASignalingIpThatIsJsonButNotAnObject(String value) {
        assertThatThrownBy(() -> with("signaling_ip", value))
                .isInstanceOf(CommandRefusedException.class)
                .hasMessageStartingWith("signaling_ip refused");
    }

    @ParameterizedTest
    @ValueSource(strings = {"relay.example.com", "1.2.3", "1.2.3.256", "01.2.3.4", "::1", "1.2.3.4.5", "1..3.4"})
    void shouldRefuseAMediaRelayThatIsNotAnIpv4Literal(String value) {
        assertThatThrownBy(() -> with("media_relay", value)).isInstanceOf(CommandRefusedException.class);
    }

    @Test
    void shouldAcceptAHostNameAsMediaAddressButNotIpv6() {
        assertThat(new MediaStream("audio", "pc33.atlanta.example.com", 0, "sendrecv", true).address())
                .isEqualTo("pc33.atlanta.example.com");
        assertThat(new MediaStream("audio", "0.0.0.0", 65_535, "inactive", true).port())
                .isEqualTo(65_535);

        for (String address : List.of("", "10.0.0", "10.0.0.256", "a b", "a,b", "a=b", "a\tb", "a\u007fb")) {
            assertThatThrownBy(() -> new MediaStream("audio", address, 1, "sendrecv", false))
                    .as(address)
                    .isInstanceOf(CommandRefusedException.class)
                    .hasMessageStartingWith("media address refused");
        }
        assertThatThrownBy(() -> new MediaStream("audio", "2001:db8::1", 1, "sendrecv", false))
                .hasMessageContaining("the dispatcher does not support IPv6");
    }

    @Test
    void shouldRefuseAStreamThatTheDispatcherCannotRead() {
        for (String token : List.of("", "a:b", "a,b", "a=b", "a b", "a\u0001b")) {
            assertThatThrownBy(() -> new MediaStream(token, "10.0.0.1", 1, "sendrecv", false))
                    .hasMessageStartingWith("media type refused");
            assertThatThrownBy(() -> new MediaStream("audio", "10.0.0.1", 1, token, false))
                    .hasMessageStartingWith("media direction refused");
        }
        assertThatThrownBy(() -> new MediaStream("audio", "10.0.0.1", 1, "SendOnly", false))
                .hasMessage("media direction refused: got \"SendOnly\", allowed: lower case");
        for (int port : new int[] {-1, 65_536}) {
            assertThatThrownBy(() -> new MediaStream("audio", "10.0.0.1", port, "sendrecv", false))
                    .hasMessage("media port refused: got " + port + ", allowed: 0 to 65535");
        }
    }

    @Test
    void shouldLimitTheNumberOfStreamsAndTheirTotalLength() {
        assertThat(withMedia(Collections.nCopies(32, STREAM)).media()).hasSize(32);
        assertThatThrownBy(() -> withMedia(Collections.nCopies(33, STREAM)))
                .hasMessage("media refused: got 33 streams, allowed: at most 32");
        MediaStream longest = new MediaStream("a".repeat(64), "h".repeat(253), 1, "sendrecv", false);
        assertThatThrownBy(() -> withMedia(Collections.nCopies(32, longest)))
                .isInstanceOf(CommandRefusedException.class)
                .hasMessageEndingWith("allowed: at most 4096 bytes");
    }

    private static UpdateCommand withMedia(List<MediaStream> media) {
        return UpdateCommand.builder(UpdateCommand.Type.REQUEST)
                .callId("c")
                .cseq("1")
                .fromUri("f")
                .toUri("t")
                .fromTag("ft")
                .userAgent("ua")
                .signalingIp("127.0.0.1")
                .media(media)
                .build();
    }

    @Test
    void shouldShowHostileValuesEscapedAndCutInMessages() {
        assertThatThrownBy(() -> with("call_id", "a\u001b[2J%s\"\\\t\u00e9\n"))
                .hasMessage("call_id refused: got \"a\\x1b[2J%s\\\"\\\\\\t\\xc3\\xa9\\n\", allowed: no CR, LF or NUL");
        assertThat(Excerpt.of("x".repeat(100_000))).isEqualTo("\"" + "x".repeat(64) + "\"...");
    }
}
