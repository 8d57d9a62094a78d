package io.mediaproxy.cli.pcap;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Replays the captures of a folder, by default those in {@code src/test/resources/captures}, whose README describes the
 * form of the expected results.
 */
class CapturesTest {
    private static final Path FOLDER =
            Path.of(System.getProperty("mediaproxy.captures.dir", "src/test/resources/captures"));

    private record Result(int passed, List<String> failures, List<String> skipped) {}

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path folder;

    @Test
    void shouldReplayEveryCaptureAsExpected() throws Exception {
        Result result = played(FOLDER);

        result.skipped().forEach(name -> System.out.println("skipped " + name + ": it has no .json file"));
        System.out.println("captures: " + result.passed() + " passed, "
                + result.failures().size() + " failed, " + result.skipped().size() + " skipped");
        assertThat(result.failures()).isEmpty();
        assertThat(result.passed() + result.skipped().size())
                .as("captures in " + FOLDER.toAbsolutePath())
                .isPositive();
    }

    @Test
    void shouldNameTheFirstDifferenceOfACapture() throws Exception {
        byte[] capture = new CaptureFile(CaptureFile.Format.PCAP_BIG_MICROS, 101).bytes();
        Files.write(folder.resolve("calls.pcap"), capture);
        Files.writeString(folder.resolve("calls.json"), "{\"calls\":[{}]}");
        Files.write(folder.resolve("none.pcapng"), capture);
        Files.write(folder.resolve("text.cap"), new byte[] {1});
        Files.writeString(folder.resolve("text.json"), "{}");
        Files.write(folder.resolve("totals.pcap"), capture);
        Files.writeString(folder.resolve("totals.json"), "{\"calls\":[],\"totals\":{\"packets\":1}}");
        Files.write(folder.resolve("whole.pcap"), capture);
        Files.writeString(folder.resolve("whole.json"), "{\"totals\":{\"packets\":0,\"skipped\":[]}}");

        assertThat(played(folder))
                .isEqualTo(new Result(
                        1,
                        List.of(
                                "calls.pcap: /calls has 0 elements instead of 1",
                                "text.cap: it is no capture file: it has 1 bytes",
                                "totals.pcap: /totals/packets is 0 instead of 1"),
                        List.of("none.pcapng")));
    }

    private static Result played(Path folder) throws Exception {
        int passed = 0;
        List<String> failures = new ArrayList<>();
        List<String> skipped = new ArrayList<>();
        for (Path capture : captures(folder)) {
            String name = capture.getFileName().toString();
            Path json = capture.resolveSibling(name.substring(0, name.lastIndexOf('.')) + ".json");
            if (!Files.exists(json)) {
                skipped.add(name);
                continue;
            }
            String difference = difference(new ObjectMapper().readTree(json.toFile()), capture);
            if (difference.isEmpty()) {
                passed++;
            } else {
                failures.add(name + ": " + difference);
            }
        }
        return new Result(passed, failures, skipped);
    }

    private static List<Path> captures(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().matches(".*\\.(pcap|pcapng|cap)"))
                    .sorted()
                    .toList();
        }
    }

    private static String difference(JsonNode expected, Path capture) throws Exception {
        try {
            return difference(
                    "", expected, Replayed.of(Files.readAllBytes(capture)).json());
        } catch (CaptureException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** The first difference; empty if there is none. Fields that the expected result leaves out are not compared. */
    private static String difference(String where, JsonNode expected, JsonNode actual) {
        if (expected.isArray() && actual.isArray() && expected.size() != actual.size()) {
            return where + " has " + actual.size() + " elements instead of " + expected.size();
        }
        if (expected.isContainerNode() && expected.getNodeType() == actual.getNodeType()) {
            List<String> differences = new ArrayList<>();
            for (int i = 0; expected.isArray() && i < expected.size(); i++) {
                differences.add(difference(where + "/" + i, expected.get(i), actual.get(i)));
            }
            for (Map.Entry<String, JsonNode> field : expected.properties()) {
                differences.add(
                        difference(where + "/" + field.getKey(), field.getValue(), actual.path(field.getKey())));
            }
            return differences.stream()
                    .filter(one -> !one.isEmpty())
                    .findFirst()
                    .orElse("");
        }
        return expected.equals(actual) ? "" : where + " is " + actual + " instead of " + expected;
    }
}
