package io.mediaproxy.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyParserTest {
    static final Map<String, DispatcherReply> REPLIES = new LinkedHashMap<>();

    static {
        REPLIES.put("81.23.228.129 50000 50004\r\n", endpoints("81.23.228.129", 50000, 50004));
        REPLIES.put("127.0.0.1 0\r\n", endpoints("127.0.0.1", 0));
        REPLIES.put("255.255.255.255 65535\r\n", endpoints("255.255.255.255", 65535));
        REPLIES.put("  1.2.3.4   40000 \r\n", endpoints("1.2.3.4", 40000));
        REPLIES.put("  1.2.3.4   40000\t40002 \r\n", endpoints("1.2.3.4", 40000, 40002));
        REPLIES.put("1.2.3.4" + " 40002".repeat(40) + "\r\n", endpoints("1.2.3.4", Collections.nCopies(40, 40002)));
        REPLIES.put("None\r\n", new DispatcherReply.None());
        REPLIES.put("removed\r\n", new DispatcherReply.Removed());
        REPLIES.put("error\r\n", new DispatcherReply.Error());
        REPLIES.put("\terror \r\n", new DispatcherReply.Error());
    }

    private static DispatcherReply endpoints(String address, Integer... ports) {
        return endpoints(address, List.of(ports));
    }

    private static DispatcherReply endpoints(String address, List<Integer> ports) {
        return new DispatcherReply.Endpoints(address, ports);
    }

    static List<String> replies() {
        return List.copyOf(REPLIES.keySet());
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @ParameterizedTest
    @MethodSource("replies")
    void shouldReadEveryReplySplitAtEveryByte(String line) throws MalformedReplyException {
        for (int split = 0; split < line.length(); split++) {
            ReplyParser parser = new ReplyParser();
            assertThat(parser.parse(bytes(line.substring(0, split)))).isNull();
            assertThat(parser.parse(bytes(line.substring(split)))).isEqualTo(REPLIES.get(line));
        }
    }

    @Test
    void shouldReadSuccessiveRepliesByteByByte() throws MalformedReplyException {
        ReplyParser parser = new ReplyParser();
        for (String line : replies()) {
            for (int i = 0; i < line.length() - 1; i++) {
                assertThat(parser.parse(bytes(line.substring(i, i + 1)))).isNull();
            }
            assertThat(parser.parse(bytes("\n"))).isEqualTo(REPLIES.get(line));
        }
    }

    @Test
    void shouldLeaveTheBytesAfterAReplyInTheBuffer() throws MalformedReplyException {
        ByteBuffer buffer = bytes("None\r\nerror\r\n");

        assertThat(new ReplyParser().parse(buffer)).isEqualTo(new DispatcherReply.None());
        assertThat(buffer.remaining()).isEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "none",
                "NONE",
                "Error",
                "halting",
                "removed now",
                "None None",
                "error 1",
                "1.2.3.4",
                "49.82.2.210 ",
                "1.2.3.4 x",
                "1.2.3.4 40000x",
                "1.2.3.4 -1",
                "1.2.3.4 +1",
                "1.2.3.4 65536",
                "1.2.3.4 4294967297",
                "1.2.3.4 000001",
                "1.2.3 40000",
                "1.2.3.256 40000",
                "01.2.3.4 40000",
                "::1 40000",
                "40000",
                "relay 40000",
                "1.2.3.4:40000",
                "1.2.3.4,40000",
                "{\"ip\": \"1.2.3.4\"}",
                "None\r",
                "error\0",
                "1.2.3.4 \u0663",
                "1.2.3.4 4000\u00e9",
                "err\ror",
                "1.2.3.4\f40000"
            })
    void shouldRefuseInvalidLinesAtEverySplit(String line) {
        String wire = line + "\r\n";
        for (int split = 0; split < wire.length(); split++) {
            String head = wire.substring(0, split);
            String tail = wire.substring(split);
            ReplyParser parser = new ReplyParser();
            assertThatThrownBy(() -> {
                        assertThat(parser.parse(bytes(head))).isNull();
                        parser.parse(bytes(tail));
                    })
                    .isInstanceOf(MalformedReplyException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"None\n", "\n", "1.2.3.4 40000\n"})
    void shouldRefuseALineThatEndsInLfAlone(String line) {
        assertThatThrownBy(() -> new ReplyParser().parse(bytes(line)))
                .isInstanceOf(MalformedReplyException.class)
                .hasMessage("line ends in LF without CR");
    }

    @Test
    void shouldStopCollectingALineWithoutEnd() throws MalformedReplyException {
        ReplyParser parser = new ReplyParser();
        assertThat(parser.parse(bytes("x".repeat(ReplyParser.MAX_REPLY_BYTES)))).isNull();

        assertThatThrownBy(() -> parser.parse(bytes("x")))
                .isInstanceOf(MalformedReplyException.class)
                .hasMessage("no line end within 1024 bytes");
    }

    @Test
    void shouldAcceptAReplyOfTheLongestLength() throws MalformedReplyException {
        String ports = " 40000".repeat((ReplyParser.MAX_REPLY_BYTES - 2 - 7) / 6);
        String line = " ".repeat(ReplyParser.MAX_REPLY_BYTES - 2 - 7 - ports.length()) + "1.2.3.4" + ports + "\r\n";
        assertThat(line).hasSize(ReplyParser.MAX_REPLY_BYTES);

        assertThat(new ReplyParser().parse(bytes(line))).isInstanceOf(DispatcherReply.Endpoints.class);
    }

    @Test
    void shouldShowRefusedBytesEscapedAndCut() {
        ReplyParser parser = new ReplyParser();
        assertThatThrownBy(() -> parser.parse(bytes("\u001b\u00ff" + "%d".repeat(50) + "\r\n")))
                .isInstanceOfSatisfying(
                        MalformedReplyException.class,
                        e -> assertThat(e.excerpt()).isEqualTo("\"\\x1b\\xff" + "%d".repeat(31) + "\"..."));
    }

    @Test
    void shouldRefuseInvalidEndpointsAndChanges() {
        DispatcherReply.Endpoints endpoints = new DispatcherReply.Endpoints("1.2.3.4", new ArrayList<>(List.of(1)));

        assertThatThrownBy(() -> endpoints.ports().add(2)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> new DispatcherReply.Endpoints("1.2.3.4", List.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new DispatcherReply.Endpoints("host", List.of(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new DispatcherReply.Endpoints("1.2.3.4", List.of(65_536)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
