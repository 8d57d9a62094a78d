package io.mediaproxy.cli.text;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.Writer;

/**
 * Writes plain data as JSON: a record's names in snake_case, in ASCII for any terminal's character set. Thread-safe.
 */
public final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    private Json() {}

    /**
     * Writes an object piece by piece, in the same form as {@link #write}, for data that does not fit into memory.
     *
     * @param out is flushed and stays open when the generator is closed
     */
    public static JsonGenerator generator(Writer out) {
        try {
            JsonGenerator generator = MAPPER.createGenerator(out);
            generator.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
            return generator.setPrettyPrinter(MAPPER.getSerializationConfig().constructDefaultPrettyPrinter());
        } catch (IOException e) {
            throw new IllegalStateException("a writer can be written to", e);
        }
    }

    /** Returns one indented object, without a line end after it. */
    public static String write(Object plainData) {
        try {
            return MAPPER.writeValueAsString(plainData);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("plain data can be written as JSON", e);
        }
    }
}
