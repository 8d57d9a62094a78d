package io.mediaproxy.embedded.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListeningSocketTest {
    private final Path directory;

    ListeningSocketTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void shouldReportAParentDirectoryThatDoesNotExist() {
        Path absent = directory.resolve("absent");

        assertThatThrownBy(() -> ListeningSocket.bindInNewDirectory(absent, 1))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageEndingWith(" in " + absent);
    }

    @Test
    void shouldRemoveItsDirectoryIfThePathIsTooLong() throws IOException {
        Path deep = Files.createDirectory(directory.resolve("d".repeat(120)));

        assertThatThrownBy(() -> ListeningSocket.bindInNewDirectory(deep, 1))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(deep.toString());
        assertThat(deep).isEmptyDirectory();
    }
}
