package io.mediaproxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.embedded.EmbeddedDispatcher;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The runnable jar in a separate process: exit codes, exact bytes, and no other output. */
@Timeout(90)
class CommandJarTest {
    private static final Path JAR = Path.of("target", "mediaproxy.jar");
    private static final String OFFER =
            "v=0\no=- 1 1 IN IP4 10.0.0.10\ns=caf\u00e9\nc=IN IP4 10.0.0.10\nt=0 0\nm=audio 40000 RTP/AVP 0\n";

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path folder;

    private record Finished(int exitCode, String out, String err) {}

    @Test
    void shouldRewriteByteForByteAndPrintNothingElse() throws Exception {
        byte[] latin1 = OFFER.getBytes(StandardCharsets.ISO_8859_1); // not even UTF-8
        Path file = Files.write(folder.resolve("offer.sdp"), latin1);
        Finished run = finish(start("rewrite", "--reply=81.23.228.129 50000", file.toString()));

        assertThat(run)
                .isEqualTo(new Finished(
                        0,
                        OFFER.replace("c=IN IP4 10.0.0.10", "c=IN IP4 81.23.228.129")
                                .replace("40000", "50000"),
                        ""));
    }

    @Test
    void shouldMakeTheCallAndLogNothing() throws Exception {
        Finished run = finish(start("demo", "--seconds=1"));

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out().lines())
                .endsWith("It works: audio passed both ways through the relay, and the session was removed.");
    }

    @Test
    void shouldExitWithTwoAndOneLineForBadInput() throws Exception {
        assertThat(finish(start("rewrite", "missing")))
                .isEqualTo(new Finished(2, "", "mediaproxy: no such file: missing" + System.lineSeparator()));
    }

    @Test
    @EnabledOnOs(OS.LINUX) // has such a device
    void shouldNoticeThatStandardOutputIsFull() throws Exception {
        Process process =
                process("--help").redirectOutput(new File("/dev/full")).start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isOne();
        assertThat(read("err")).isEqualTo("mediaproxy: cannot write to standard output" + System.lineSeparator());
    }

    @Test
    void shouldContainTheLicencesOfItsParts() throws Exception {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            assertThat(text(jar, "META-INF/LICENSE")).isEqualTo(Files.readString(Path.of("..", "LICENSE")));
            assertThat(text(jar, "META-INF/LICENSE.txt")).contains("QOS.ch");
            assertThat(text(jar, "META-INF/NOTICE")).contains("Jackson");
            String bundled = text(jar, "META-INF/licenses/bundled.txt");
            assertThat(bundled).contains("HdrHistogram", "JAIN-SIP", "junixsocket", "picocli", "pkts.io");
            assertThat(Pattern.compile("META-INF/[\\w.-]*\\w").matcher(bundled).results())
                    .extracting(MatchResult::group)
                    .allMatch(name -> jar.getEntry(name) != null);
            assertThat(jar.stream().map(JarEntry::getName).filter(name -> name.matches("META-INF/[^/]*LICENSE.*")))
                    .allMatch(bundled::contains);
        }
    }

    /** From Java 24 on, the native code of junixsocket prints a warning otherwise. */
    @Test
    void shouldHaveAccessToNativeCode() throws Exception {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            assertThat(jar.getManifest().getMainAttributes().getValue("Enable-Native-Access"))
                    .isEqualTo("ALL-UNNAMED");
        }
        Finished run = finish(start("demo", "--seconds=1", "--media-timeout")); // with the back channel
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
    }

    private static String text(JarFile jar, String name) throws IOException {
        try (InputStream in = jar.getInputStream(jar.getEntry(name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void shouldPrintItsVersion() throws Exception {
        assertThat(finish(start("--version")).out())
                .matches("mediaproxy [0-9].*, Java " + System.getProperty("java.version") + "\\R");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS) // has no such signal
    void shouldRemoveTheSessionWhenStoppedDuringTheCall() throws Exception {
        CompletableFuture<Void> answered = new CompletableFuture<>();
        CompletableFuture<Boolean> timedOut = new CompletableFuture<>();
        try (EmbeddedDispatcher dispatcher = EmbeddedDispatcher.builder()
                .commandListener(command -> {
                    if (command.text().contains("\r\ntype: reply\r\n")
                            && command.text().contains("\r\nmedia: ")) {
                        answered.complete(null);
                    }
                })
                .sessionListener(session -> timedOut.complete(session.timedOut()))
                .start()) {
            Process process = start(
                    "demo", "--seconds=60", "--socket", dispatcher.socket().toString());
            answered.get(60, TimeUnit.SECONDS);
            process.destroy(); // SIGTERM ends it as Ctrl-C does
            Finished run = finish(process);

            assertThat(run.exitCode()).isNotZero();
            // The process may end before it can report this; it reports nothing else.
            assertThat(run.err()).isIn("", "mediaproxy: interrupted, the call is aborted" + System.lineSeparator());
            assertThat(timedOut.get(20, TimeUnit.SECONDS)).isFalse();
            assertThat(dispatcher.sessions()).isEmpty();
        }
    }

    private Process start(String... arguments) throws IOException {
        return process(arguments).start();
    }

    private ProcessBuilder process(String... arguments) {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar", JAR.toString()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectOutput(file("out")).redirectError(file("err"));
    }

    private Finished finish(Process process) throws IOException, InterruptedException {
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Finished(process.exitValue(), read("out"), read("err"));
    }

    private File file(String name) {
        return folder.resolve(name).toFile();
    }

    /** One character for a byte. */
    private String read(String name) throws IOException {
        return Files.readString(folder.resolve(name), StandardCharsets.ISO_8859_1);
    }
}
