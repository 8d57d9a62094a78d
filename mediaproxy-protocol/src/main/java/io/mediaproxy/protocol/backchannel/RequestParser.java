package io.mediaproxy.protocol.backchannel;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.mediaproxy.protocol.log.Excerpt;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads one datagram as a JSON-RPC 2.0 request (section 4 of its specification). Not thread-safe.
 *
 * <p>Members may have any order. Those with other names are skipped, repeated ones are an error. An {@code id} that is
 * neither a string nor a number counts as none, and so does one after the first JSON error.
 */
final class RequestParser {
    private static final String VERSION = "2.0";
    private static final String METHOD = "dlg_end_dlg";

    private final JsonParser json;

    private @Nullable RequestId id;
    private @Nullable String version;
    private @Nullable String method;
    private @Nullable String dialogId;

    private RequestParser(JsonParser json) {
        this.json = json;
    }

    static Request parse(byte[] datagram) {
        String text;
        try {
            // Jackson alone would guess the encoding.
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(datagram))
                    .toString();
        } catch (CharacterCodingException e) {
            return new Request.Faulty(null, RpcError.PARSE_ERROR, "not UTF-8");
        }
        try (JsonParser json = Json.FORMAT.createParser(text)) {
            return new RequestParser(json).parse();
        } catch (IOException e) {
            return new Request.Faulty(null, RpcError.PARSE_ERROR, detail(e));
        }
    }

    private Request parse() throws IOException {
        try {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return faulty(RpcError.INVALID_REQUEST, "not a JSON object");
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                readMember(json.currentName());
            }
            if (json.nextToken() != null) {
                return faulty(RpcError.PARSE_ERROR, "bytes after the object");
            }
        } catch (JsonProcessingException e) {
            return faulty(RpcError.PARSE_ERROR, detail(e));
        }
        return request();
    }

    private void readMember(String name) throws IOException {
        JsonToken value = json.nextToken();
        switch (name) {
            case "jsonrpc" -> version = textOrNull(value);
            case "method" -> method = textOrNull(value);
            case "params" -> dialogId = onlyTextOrNull(value);
            case "id" -> id = idOrNull(value);
            default -> json.skipChildren();
        }
    }

    private @Nullable RequestId idOrNull(JsonToken value) throws IOException {
        if (value.isNumeric()) {
            return new RequestId(json.getText(), true);
        }
        String text = textOrNull(value);
        return text == null ? null : new RequestId(text, false);
    }

    private @Nullable String textOrNull(JsonToken value) throws IOException {
        json.skipChildren();
        return value == JsonToken.VALUE_STRING ? json.getText() : null;
    }

    /** Returns the string if the value is an array with one string and nothing else. */
    private @Nullable String onlyTextOrNull(JsonToken value) throws IOException {
        if (value != JsonToken.START_ARRAY) {
            json.skipChildren();
            return null;
        }
        String first = null;
        int count = 0;
        for (JsonToken item = json.nextToken(); item != JsonToken.END_ARRAY; item = json.nextToken()) {
            String text = textOrNull(item);
            first = count == 0 ? text : first;
            count++;
        }
        return count == 1 ? first : null;
    }

    private Request request() {
        if (!VERSION.equals(version) || method == null) {
            return faulty(RpcError.INVALID_REQUEST, "not a JSON-RPC 2.0 request");
        }
        if (!method.equals(METHOD)) {
            return faulty(RpcError.METHOD_NOT_FOUND, Excerpt.of(method));
        }
        if (dialogId == null || dialogId.isEmpty()) {
            return faulty(RpcError.INVALID_PARAMS, "params is not one dialog id");
        }
        return new Request.EndDialog(id, dialogId);
    }

    private Request faulty(RpcError error, String detail) {
        return new Request.Faulty(id, error, detail);
    }

    private static String detail(IOException e) {
        String message =
                e instanceof JsonProcessingException malformed ? malformed.getOriginalMessage() : e.getMessage();
        return message == null ? e.getClass().getSimpleName() : Excerpt.of(message);
    }
}
