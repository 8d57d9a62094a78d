package io.mediaproxy.embedded.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.embedded.EmbeddedDispatcher;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class OwnDirectoryTest {
    private final Path temporary;

    OwnDirectoryTest(@TempDir Path temporary) {
        this.temporary = temporary;
    }

    /** Starts a dispatcher with both of its sockets, and does not close it. */
    static final class Server {
        private Server() {}

        public static void main(String[] arguments) throws InterruptedException {
            EmbeddedDispatcher dispatcher = EmbeddedDispatcher.builder()
                    .openSipsSocket(Path.of(arguments[0], "socket"))
                    .start();
            System.out.println(dispatcher.socket());
            new CountDownLatch(1).await();
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS) // has no such signal
    void shouldBeRemovedWhenASignalEndsTheProcess() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.io.tmpdir=" + temporary,
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Server.class.getName(),
                        temporary.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            Path socket = Path.of(out.readLine());
            assertThat(socket).startsWith(temporary).exists();
            assertThat(socket.resolveSibling("opensips.sock")).exists();

            process.toHandle().destroy(); // SIGTERM
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();

            assertThat(process.exitValue()).isEqualTo(143);
            assertThat(socket.getParent()).doesNotExist();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void shouldBeRemovedByClose() throws IOException {
        OwnDirectory directory = OwnDirectory.create(temporary);

        directory.remove();

        assertThat(files()).isEmpty();
    }

    @Test
    void shouldStayWhileItHasAnotherFile() throws IOException {
        OwnDirectory directory = OwnDirectory.create(temporary);
        Path file = Files.createFile(directory.path().resolve("file"));

        directory.remove();

        assertThat(file).exists();
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(temporary)) {
            return files.toList();
        }
    }
}
