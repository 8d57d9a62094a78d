package io.mediaproxy.junit;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.session.MediaProxy;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

class SocketFolderTest {
    /** A test in whose middle a signal ends the JVM, with a server that has its back channel open. */
    @Tag("run-by-another-test")
    static class Interrupted {
        @RegisterExtension
        static final MediaProxyExtension media =
                MediaProxyExtension.builder().backChannel(true).build();

        @Test
        void shouldBeInterrupted() throws InterruptedException {
            try (MediaProxy mediaProxy = media.mediaProxy().build()) {
                assertThat(mediaProxy.hasBackChannel()).isTrue();
                System.out.println(media.socket());
                new CountDownLatch(1).await();
            }
        }

        public static void main(String[] arguments) {
            EngineExecutionResults unused = EngineTestKit.engine("junit-jupiter")
                    .selectors(DiscoverySelectors.selectClass(Interrupted.class))
                    .execute();
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS) // has no such signal
    void shouldBeDeletedWhenASignalEndsTheProcess(@TempDir Path temporary) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.io.tmpdir=" + temporary,
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Interrupted.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            Path socket = Path.of(out.readLine());
            assertThat(socket).startsWith(temporary).exists();
            assertThat(socket.resolveSibling("socket")).exists();

            process.toHandle().destroy(); // SIGTERM
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();

            assertThat(process.exitValue()).isEqualTo(143);
            assertThat(socket.getParent()).doesNotExist();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void shouldBeDeletedByDelete() throws IOException {
        SocketFolder folder = SocketFolder.create();
        assertThat(folder.path()).isEmptyDirectory();

        folder.delete();

        assertThat(folder.path()).doesNotExist();
    }
}
