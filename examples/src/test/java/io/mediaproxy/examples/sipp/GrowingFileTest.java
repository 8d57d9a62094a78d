package io.mediaproxy.examples.sipp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GrowingFileTest {
    private Path path;
    private GrowingFile file;

    @BeforeEach
    void begin(@TempDir Path directory) {
        path = directory.resolve("growing");
        file = new GrowingFile(path);
    }

    private void append(String text) throws IOException {
        Files.writeString(path, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    @Test
    void shouldHaveNoLinesBeforeTheFileExists() throws IOException {
        assertThat(file.newLines()).isEmpty();
    }

    @Test
    void shouldReturnEachLineOnce() throws IOException {
        append("one\ntwo\n");
        assertThat(file.newLines()).containsExactly("one", "two");
        assertThat(file.newLines()).isEmpty();
        append("three\n");
        assertThat(file.newLines()).containsExactly("three");
    }

    @Test
    void shouldReturnALineWhenItIsComplete() throws IOException {
        append("one\ntw");
        assertThat(file.newLines()).containsExactly("one");
        append("o");
        assertThat(file.newLines()).isEmpty();
        append("\r\n");
        assertThat(file.newLines()).containsExactly("two");
    }
}
