package io.mediaproxy.protocol.backchannel;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Reads datagrams of the back channel, and compares each request with a reader that keeps the whole tree. */
class DatagramFuzzTest {
    private static final ObjectMapper TREE = new ObjectMapper()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    static Stream<byte[]> datagrams() {
        return Stream.of(
                        "{\"jsonrpc\":\"2.0\", \"id\": \"1897dad8\", \"method\":\"dlg_end_dlg\",\"params\": [\"1:2\"]}",
                        "{\"jsonrpc\":\"2.0\",\"id\":1.5E+2,\"method\":\"dlg_end_dlg\",\"params\":[\"d\\u00fc\"]}",
                        "{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"dlg_end_dlg\",\"params\":[\"d\"],\"x\":[{}]}",
                        "{\"jsonrpc\":\"2.0\",\"id\":\"\\ud800\",\"method\":\"address_reload\"}",
                        "{\"id\":\"7\",\"params\":[[[]]],\"params\":\"d\"}",
                        "[]",
                        "{\"id\":" + "9".repeat(70) + "}")
                .map(datagram -> datagram.getBytes(UTF_8));
    }

    @MethodSource("datagrams")
    @FuzzTest
    void shouldReadWhatAnotherReaderReads(byte[] input) throws JsonProcessingException {
        byte[] datagram = Arrays.copyOf(input, Math.min(input.length, DatagramReader.MAX_DATAGRAM_BYTES));
        Request request = RequestParser.parse(datagram);
        if (request instanceof Request.Faulty faulty) {
            assertThat(faulty.detail()).matches("[ -~]+");
        }
        if (request instanceof Request.EndDialog end) {
            JsonNode tree = TREE.readTree(new String(datagram, UTF_8));
            assertThat(tree.get("jsonrpc").asText()).isEqualTo("2.0");
            assertThat(tree.get("method").asText()).isEqualTo("dlg_end_dlg");
            assertThat(tree.get("params")).hasSize(1);
            assertThat(end.dialogId()).isEqualTo(tree.get("params").get(0).textValue());
        }
        RequestId id = request.id();
        if (id != null) {
            answersWith(id);
        }
    }

    private static void answersWith(RequestId id) throws JsonProcessingException {
        for (byte[] answer : new byte[][] {Json.result(id), Json.error(id, RpcError.PARSE_ERROR)}) {
            String text = new String(answer, US_ASCII);
            assertThat(text).matches("\\p{ASCII}+").startsWith("{\"jsonrpc\":\"2.0\",\"id\":");
            if (id.isNumber()) {
                assertThat(text).startsWith("{\"jsonrpc\":\"2.0\",\"id\":" + id.text() + ",\"");
            } else {
                assertThat(TREE.readTree(text).get("id").textValue()).isEqualTo(id.text());
            }
        }
    }
}
