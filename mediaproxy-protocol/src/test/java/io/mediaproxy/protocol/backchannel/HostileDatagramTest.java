package io.mediaproxy.protocol.backchannel;

import static io.mediaproxy.protocol.backchannel.RequestSender.endDialog;
import static io.mediaproxy.protocol.backchannel.RequestSender.error;
import static io.mediaproxy.protocol.backchannel.RequestSender.ok;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Datagrams that anyone with write permission can send. After each of them the next good request has to be answered as
 * usual.
 */
class HostileDatagramTest extends BackChannelFixture {
    @BeforeEach
    void listen() {
        open();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "garbage",
                "{",
                "\"\\",
                "null",
                "42",
                "500 text",
                "\u0000\u0000\u0000",
                "[]",
                "[{\"jsonrpc\": \"2.0\", \"id\": \"1\", \"method\": \"dlg_end_dlg\", \"params\": [\"d\"]}]",
                "{}",
                "{\"jsonrpc\": \"2.0\"}",
                "{\"method\": \"dlg_end_dlg\"}",
                "{\"jsonrpc\": \"2.0\", \"method\": \"address_reload\"}",
                "{\"jsonrpc\": \"2.0\", \"method\": \"address_reload\", \"id\": null}",
                "{\"jsonrpc\": \"2.0\", \"method\": \"address_reload\", \"id\": true}",
                "{\"jsonrpc\": \"2.0\", \"method\": \"address_reload\", \"id\": [\"1\"]}",
                "{\"jsonrpc\": \"2.0\", \"method\": \"address_reload\", \"id\": {\"id\": \"1\"}}",
                "{\"jsonrpc\": \"2.0\", \"method\": \"address_reload\" \"id\": \"1\"}",
            })
    void shouldNotAnswerARequestWithoutId(String datagram) throws Exception {
        dispatcher.sendAndGetNoAnswer(datagram.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void shouldNotAnswerBytesThatAreNotUtf8() throws Exception {
        dispatcher.sendAndGetNoAnswer(endDialog("1", "d\u00fc").getBytes(StandardCharsets.ISO_8859_1));
        dispatcher.sendAndGetNoAnswer(endDialog("1", "d").getBytes(StandardCharsets.UTF_16));
        dispatcher.sendAndGetNoAnswer(endDialog("1", "d").getBytes(StandardCharsets.UTF_16LE));
        assertThat(lookedUp).doesNotContain("d");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            "id":"7","method":"dlg_end_dlg","params":["d"]                          | -32600
            "jsonrpc":2.0,"id":"7","method":"dlg_end_dlg","params":["d"]            | -32600
            "jsonrpc":"1.0","id":"7","method":"dlg_end_dlg","params":["d"]          | -32600
            "jsonrpc":"2.0","id":"7"                                                | -32600
            "jsonrpc":"2.0","id":"7","method":null,"params":["d"]                   | -32600
            "jsonrpc":"2.0","id":"7","method":["dlg_end_dlg"],"params":["d"]        | -32600
            "jsonrpc":"2.0","id":"7","method":"dlg_end_dlg"                         | -32602
            "jsonrpc":"2.0","id":"7","method":"dlg_end_dlg","params":null           | -32602
            "jsonrpc":"2.0","id":"7","method":"dlg_end_dlg","params":"d"            | -32602
            "jsonrpc":"2.0","id":"7","method":"dlg_end_dlg","params":{"0":"d"}      | -32602
            "jsonrpc":"2.0","id":"7","method":"dlg_end_dlg","params":[]             | -32602
            "jsonrpc":"2.0","id":"7","method":"dlg_end_dlg","params":[""]           | -32602
            "jsonrpc":"2.0","id":"7","method":"dlg_end_dlg","params":[1]            | -32602
            "jsonrpc":"2.0","id":"7","method":"dlg_end_dlg","params":[["d"]]        | -32602
            "jsonrpc":"2.0","id":"7","method":"dlg_end_dlg","params":["d","e"]      | -32602
            "jsonrpc":"2.0","id":"7","method":"dlg_end_dlg","params":[[],"d"]       | -32602
            """)
    void shouldReportTheErrorOfARequest(String members, int code) throws Exception {
        RpcError error = code == -32600 ? RpcError.INVALID_REQUEST : RpcError.INVALID_PARAMS;

        assertThat(dispatcher.ask('{' + members.strip() + '}')).isEqualTo(error("\"7\"", code, error.message));
        assertThat(lookedUp).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"jsonrpc\":\"2.0\",\"id\":\"7\",\"method\":\"dlg_end_dlg\",\"params\":[\"d\"]",
                "{\"jsonrpc\":\"2.0\",\"id\":\"7\",\"method\":\"dlg_end_dlg\",\"params\":[\"d\"]}}",
                "{\"jsonrpc\":\"2.0\",\"id\":\"7\",\"method\":\"dlg_end_dlg\",\"params\":[\"d\"]}{}",
                "{\"jsonrpc\":\"2.0\",\"id\":\"7\",\"method\":\"dlg_end_dlg\",\"params\":[\"d\"]}\u0000",
                "{\"jsonrpc\":\"2.0\",\"id\":\"7\",\"method\":\"dlg_end_dlg\",\"params\":[\"d\",]}",
                "{\"jsonrpc\":\"2.0\",\"id\":\"7\",\"method\":\"dlg_end_dlg\",\"params\":[\"a\"],\"params\":[\"d\"]}",
                "{\"jsonrpc\":\"2.0\",\"id\":\"7\",\"id\":\"8\",\"method\":\"dlg_end_dlg\",\"params\":[\"d\"]}",
                "{\"jsonrpc\":\"2.0\",\"id\":\"7\",\"method\":\"dlg_end_dlg\",\"params\":['d']}",
                "{\"id\":\"7\",\"x\":NaN}",
                "{\"id\":\"7\",\"x\":\"\n\"}",
                "{\"id\":\"7\",",
            })
    void shouldRefuseTextThatIsJsonOnlyInPart(String datagram) throws Exception {
        assertThat(dispatcher.ask(datagram)).isEqualTo(error("\"7\"", -32700, "parse error"));
        assertThat(lookedUp).isEmpty();
    }

    @Test
    void shouldLimitNesting() throws Exception {
        for (int depth : new int[] {17, 2_000}) {
            assertThat(dispatcher.ask("{\"id\":\"7\",\"x\":" + "[".repeat(depth) + "]".repeat(depth) + "}"))
                    .isEqualTo(error("\"7\"", -32700, "parse error"));
            assertThat(dispatcher.ask("{\"id\":\"7\",\"params\":" + "[".repeat(depth) + "]".repeat(depth) + "}"))
                    .isEqualTo(error("\"7\"", -32700, "parse error"));
        }
        assertThat(dispatcher.ask("{\"id\":\"7\",\"x\":" + "{\"x\":".repeat(700)))
                .isEqualTo(error("\"7\"", -32700, "parse error"));
    }

    @Test
    void shouldLimitTheLengthOfNumbersAndNames() throws Exception {
        dispatcher.sendAndGetNoAnswer(("{\"id\":" + "9".repeat(3_000) + "}").getBytes(StandardCharsets.UTF_8));
        assertThat(dispatcher.ask("{\"id\":\"7\",\"" + "n".repeat(3_000) + "\":1}"))
                .isEqualTo(error("\"7\"", -32700, "parse error"));
    }

    @Test
    void shouldDropOnlyDatagramsOverTheLimit() throws Exception {
        String frame = endDialog("1", "");
        String largest = "d".repeat(DatagramReader.MAX_DATAGRAM_BYTES - frame.length());
        known.add(largest);
        known.add(largest + "d");

        assertThat(dispatcher.ask(endDialog("1", largest))).isEqualTo(ok("1"));
        assertThat(nextEnded()).isEqualTo(largest);
        dispatcher.sendAndGetNoAnswer(endDialog("1", largest + "d").getBytes(StandardCharsets.UTF_8));
        dispatcher.sendAndGetNoAnswer(new byte[100_000]);
        assertThat(lookedUp).containsExactly(largest, "nobody", "nobody");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "7",
                "-1",
                "12345678901234567890",
                "1.50",
                "1E+400",
                "\"\"",
                "\"\\\"\\\\\\n\"",
                "\"\\u00FC\\uD83D\\uDE00\"",
                "\"\\uD800\""
            })
    void shouldReturnTheIdUnchanged(String id) throws Exception {
        assertThat(dispatcher.ask(
                        "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"dlg_end_dlg\",\"params\":[\"d\"]}"))
                .isEqualTo(error(id, 404, "unknown dialog"));
    }

    @Test
    void shouldEndADialogWithoutAnswerIfThereIsNoId() throws Exception {
        known.add("d");
        known.add("e");
        dispatcher.send("{\"jsonrpc\":\"2.0\",\"method\":\"dlg_end_dlg\",\"params\":[\"d\"]}");
        dispatcher.sendAndGetNoAnswer("{\"params\":[\"e\"],\"id\":null,\"method\":\"dlg_end_dlg\",\"jsonrpc\":\"2.0\"}"
                .getBytes(StandardCharsets.UTF_8));

        assertThat(nextEnded()).isEqualTo("d");
        assertThat(nextEnded()).isEqualTo("e");
    }

    @Test
    void shouldSkipUnknownMembers() throws Exception {
        known.add("d");

        assertThat(dispatcher.ask("{\"x\":{\"id\":\"8\"},\"params\":[\"d\"],\"method\":\"dlg_end_dlg\",\"y\":[1,[]],"
                        + "\"id\":\"7\",\"jsonrpc\":\"2.0\"}\n"))
                .isEqualTo(ok("7"));
    }

    @Test
    void shouldSurviveRandomBytes() throws Exception {
        Random random = new Random(20261122);
        byte[] request = endDialog("64f8295e", "101:202").getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 2_000; i++) {
            byte[] mutant = request.clone();
            for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
                mutant[random.nextInt(mutant.length)] = (byte) random.nextInt(256);
            }
            Request parsed = RequestParser.parse(mutant);
            if (parsed.id() != null) {
                String answer = new String(Json.result(parsed.id()), StandardCharsets.US_ASCII);
                assertThat(answer).matches("\\{\"jsonrpc\":\"2.0\",\"id\":[ -~]+,\"result\":\"OK\"}");
            }
        }
        try (RequestSender stranger = RequestSender.withoutAddress(socket)) {
            for (int i = 0; i < 200; i++) {
                byte[] noise = new byte[1 + random.nextInt(300)];
                random.nextBytes(noise);
                stranger.send(noise);
            }
        }
        dispatcher.sendAndGetNoAnswer(new byte[] {0});
    }
}
