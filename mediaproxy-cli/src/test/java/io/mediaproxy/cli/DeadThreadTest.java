package io.mediaproxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DeadThreadTest {
    /** The proxy in a process, with a thread that dies as soon as the command has begun. */
    static final class Victim {
        private Victim() {}

        public static void main(String[] arguments) {
            new Thread(Victim::die, "worker").start();
            MediaProxyCommand.main(arguments);
        }

        private static void die() {
            while (Thread.getDefaultUncaughtExceptionHandler() == null) {
                Thread.onSpinWait();
            }
            throw new OutOfMemoryError("outside text \u001b[31m");
        }
    }

    @Test
    void shouldEndTheCommandWithAnExitCodeAndALine() throws IOException, InterruptedException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        classPath,
                        Victim.class.getName(),
                        "proxy",
                        "--listen=127.0.0.1:0")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            String errors = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(MediaProxyCommand.FAILED);
            assertThat(errors).contains("mediaproxy: the thread worker ended: java.lang.OutOfMemoryError\n");
            assertThat(errors).doesNotContain("outside text");
        } finally {
            process.destroyForcibly();
        }
    }
}
