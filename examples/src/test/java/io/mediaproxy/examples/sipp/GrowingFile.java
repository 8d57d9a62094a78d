package io.mediaproxy.examples.sipp;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A text file that another process appends to. Reads each line once: a test that reads all of a long file again takes
 * processor time from what it measures, and more of it each time. Not thread-safe.
 */
public final class GrowingFile {
    private final Path path;
    private long position;

    /** @param path of a file that need not exist yet */
    public GrowingFile(Path path) {
        this.path = path;
    }

    /** Returns the lines that were completed since the last call. */
    public List<String> newLines() throws IOException {
        if (!Files.exists(path)) {
            return List.of();
        }
        byte[] bytes;
        try (InputStream file = Files.newInputStream(path)) {
            file.skipNBytes(position);
            bytes = file.readAllBytes();
        }
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] != '\n') { // the other process may be writing the last line
            end--;
        }
        position += end;
        return new String(bytes, 0, end, StandardCharsets.UTF_8).lines().toList();
    }
}
