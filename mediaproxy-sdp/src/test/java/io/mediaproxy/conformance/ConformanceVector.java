package io.mediaproxy.conformance;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One SIP message and the expected result; {@code conformance/README.md} explains the fields. Immutable. Thread-safe.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ConformanceVector(
        String name,
        String message,
        String source,
        Attributes attributes,
        @JsonProperty("dispatcher_reply") String dispatcherReply,
        Expectation expect) {

    private static final String DIRECTORY_PROPERTY = "mediaproxy.conformance.dir";
    private static final String ROOT_PROPERTY = "mediaproxy.root";
    private static final String HEADER_END = "\r\n\r\n";

    public record Attributes(
            @JsonProperty("signaling_ip") @Nullable String signalingIp,
            @JsonProperty("media_relay") @Nullable String mediaRelay,
            @JsonProperty("ice_candidate") @Nullable String iceCandidate) {}

    public record Expectation(
            @JsonProperty("return_code") int returnCode,
            @Nullable String command,
            @Nullable String body) {}

    /** A missing field is reported with the name of the vector. */
    public ConformanceVector {
        Objects.requireNonNull(name, "a vector without a name");
        Objects.requireNonNull(message, () -> name + " has no message");
        Objects.requireNonNull(source, () -> name + " has no source");
        Objects.requireNonNull(dispatcherReply, () -> name + " has no dispatcher_reply");
        Objects.requireNonNull(expect, () -> name + " has no expect");
        attributes = attributes == null ? new Attributes(null, null, null) : attributes;
    }

    /** The vectors of every {@code *.jsonl} in the folder that the system property names, else the project's own. */
    public static List<ConformanceVector> all() {
        String directory = System.getProperty(DIRECTORY_PROPERTY);
        try {
            // A relative path is seen from where Maven was started; tests run in the folders of their modules.
            Path root = Path.of(System.getProperty(ROOT_PROPERTY, ""));
            List<ConformanceVector> vectors = directory == null ? own() : in(root.resolve(directory));
            if (vectors.isEmpty()) {
                throw new IllegalStateException("no vectors in " + directory);
            }
            return vectors;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<ConformanceVector> own() throws IOException {
        List<ConformanceVector> vectors = new ArrayList<>();
        for (String file : List.of("vectors.jsonl", "own.jsonl")) {
            URL resource = Objects.requireNonNull(ConformanceVector.class.getResource("/conformance/" + file));
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(resource.openStream(), StandardCharsets.UTF_8))) {
                vectors.addAll(read(lines));
            }
        }
        return vectors;
    }

    private static List<ConformanceVector> in(Path directory) throws IOException {
        List<ConformanceVector> vectors = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.jsonl")) {
            for (Path file : files) {
                try (BufferedReader lines = Files.newBufferedReader(file)) {
                    vectors.addAll(read(lines));
                }
            }
        }
        return vectors;
    }

    private static List<ConformanceVector> read(BufferedReader lines) throws IOException {
        ObjectMapper json = new ObjectMapper();
        List<ConformanceVector> vectors = new ArrayList<>();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (!line.isBlank() && json.readTree(line).hasNonNull("message")) { // there may be other records
                vectors.add(json.readValue(line, ConformanceVector.class));
            }
        }
        return vectors;
    }

    /** The body of the message, as bytes. */
    public byte[] body() {
        int end = message.indexOf(HEADER_END);
        return end < 0
                ? new byte[0]
                : message.substring(end + HEADER_END.length()).getBytes(StandardCharsets.UTF_8);
    }

    /** The value of the first header field of that name, or null. */
    public @Nullable String header(String name) {
        for (String line :
                message.substring(0, message.indexOf(HEADER_END)).lines().toList()) {
            int colon = line.indexOf(':');
            if (colon > 0 && line.substring(0, colon).strip().equalsIgnoreCase(name)) {
                return line.substring(colon + 1).strip();
            }
        }
        return null;
    }

    @Override
    public String toString() {
        return name;
    }
}
