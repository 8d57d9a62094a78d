package io.mediaproxy.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** 100,000 calls that are engaged and answered fit in 256 MB of heap, with all else that is in it. */
class DialogMemoryTest {
    private static final Pattern FIGURES = Pattern.compile("dialogs=(\\d+) answered=(\\d+) bytesPerDialog=(\\d+)");

    /** The figures in docs/architecture.md, rounded up: a quarter more has to be looked into. */
    @ParameterizedTest
    @CsvSource({"plain, 1500", "backchannel, 2200"})
    void shouldKeepAHundredThousandDialogsInASmallHeap(String backChannel, long maxBytes, @TempDir Path directory)
            throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        System.getProperty("java.class.path"),
                        DialogMemory.class.getName(),
                        directory.toString(),
                        backChannel)
                .redirectErrorStream(true)
                .start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(output).isZero();
            Matcher figures = FIGURES.matcher(output);
            assertThat(figures.find()).as(output).isTrue();
            System.out.println("memory " + backChannel + ": " + figures.group());
            assertThat(Integer.parseInt(figures.group(1))).isGreaterThanOrEqualTo(DialogMemory.DIALOGS);
            assertThat(Integer.parseInt(figures.group(2))).isEqualTo(DialogMemory.DIALOGS);
            assertThat(Long.parseLong(figures.group(3))).isLessThan(maxBytes);
        } finally {
            process.destroyForcibly();
        }
    }
}
