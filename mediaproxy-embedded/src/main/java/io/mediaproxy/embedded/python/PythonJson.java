package io.mediaproxy.embedded.python;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter.NopIndenter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.core.util.Separators.Spacing;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON as Python reads it with {@code json.loads} and writes it with {@code json.dumps}: one line of ASCII. */
public final class PythonJson {
    /** Near Python's recursion limit of 1000 frames, of which some are in use when MediaProxy parses. */
    private static final int MAX_DEPTH = 950;

    private static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(PythonInteger.MAX_DIGITS)
                    .build())
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .disable(JsonWriteFeature.WRITE_HEX_UPPER_CASE)
            .characterEscapes(new DeleteEscaped())
            .build();

    /** Python puts a space after each colon and comma, and nowhere else. */
    private static final DefaultPrettyPrinter SPACES = new DefaultPrettyPrinter(Separators.createDefaultInstance()
                    .withObjectFieldValueSpacing(Spacing.AFTER)
                    .withObjectEntrySpacing(Spacing.AFTER)
                    .withArrayValueSpacing(Spacing.AFTER)
                    .withObjectEmptySeparator("")
                    .withArrayEmptySeparator(""))
            .withObjectIndenter(NopIndenter.instance)
            .withArrayIndenter(NopIndenter.instance);

    /** Writes one JSON value. */
    @FunctionalInterface
    public interface Value {
        /**
         * Writes the value.
         *
         * @param json where to
         * @throws IOException from {@code json}
         */
        void write(JsonGenerator json) throws IOException;
    }

    private PythonJson() {}

    /**
     * Writes a value on one line.
     *
     * @param value to write
     * @return ASCII without a line end
     */
    public static String dumps(Value value) {
        StringWriter line = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(line)) {
            json.setPrettyPrinter(SPACES.createInstance());
            value.write(json);
        } catch (IOException e) {
            throw new UncheckedIOException("JSON cannot be written to memory", e);
        }
        return line.toString();
    }

    /**
     * Reads a JSON document and returns the members of its object. The last member of a name counts.
     *
     * @param text the document
     * @return name to value, null for a value that is no string; null if the document is no object
     * @throws JsonProcessingException the text is no JSON
     * @throws com.fasterxml.jackson.core.exc.StreamConstraintsException it is JSON beyond a limit of Python
     */
    public static @Nullable Map<String, @Nullable String> members(String text) throws JsonProcessingException {
        try (JsonParser json = FACTORY.createParser(text)) {
            Map<String, @Nullable String> members = null;
            JsonToken root = json.nextToken();
            if (root == null) {
                throw new JsonParseException(json, "there is no value");
            }
            if (root == JsonToken.START_OBJECT) {
                members = new HashMap<>();
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    String name = json.currentName();
                    members.put(name, json.nextToken() == JsonToken.VALUE_STRING ? json.getText() : null);
                    skipValue(json);
                }
            } else {
                skipValue(json);
            }
            if (json.nextToken() != null) {
                throw new JsonParseException(json, "text follows the value");
            }
            return members;
        } catch (JsonProcessingException e) {
            throw e;
        } catch (IOException e) {
            throw new UncheckedIOException("JSON cannot be read from memory", e);
        }
    }

    /** Moves to the last token of a value. An integer is converted, because only that checks its length. */
    private static void skipValue(JsonParser json) throws IOException {
        int depth = 0;
        for (JsonToken token = json.currentToken(); ; token = json.nextToken()) {
            if (token.isStructStart()) {
                depth++;
            } else if (token.isStructEnd()) {
                depth--;
            } else if (token == JsonToken.VALUE_NUMBER_INT) {
                json.getBigIntegerValue();
            }
            if (depth == 0) {
                return;
            }
        }
    }

    /** Python escapes DEL too, which JSON does not require. */
    private static final class DeleteEscaped extends CharacterEscapes {
        private static final long serialVersionUID = 1L;
        private static final int DELETE = 0x7f;

        @Override
        public int[] getEscapeCodesForAscii() {
            int[] escapes = CharacterEscapes.standardAsciiEscapesForJSON();
            escapes[DELETE] = CharacterEscapes.ESCAPE_STANDARD;
            return escapes;
        }

        @Override
        public @Nullable SerializableString getEscapeSequence(int character) {
            return null;
        }
    }
}
