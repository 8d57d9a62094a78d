package io.mediaproxy.cli.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** Plain data as JSON: a record's own names in snake_case, all of it ASCII, whatever the terminal's character set is. */
public final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    private Json() {}

    /** One indented object, without a line end behind it. */
    public static String write(Object plainData) {
        try {
            return MAPPER.writeValueAsString(plainData);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("plain data can be written as JSON", e);
        }
    }
}
