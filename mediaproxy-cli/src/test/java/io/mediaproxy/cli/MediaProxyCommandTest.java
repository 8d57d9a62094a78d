package io.mediaproxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class MediaProxyCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Console console = new Console(
            InputStream.nullInputStream(),
            new StandardOutput(OutputStream.nullOutputStream(), StandardCharsets.UTF_8),
            System.err);

    @Test
    void shouldExitWithTwoWithoutACommand() {
        assertThat(run()).isEqualTo(2);
        assertThat(err.toString()).contains("Usage: mediaproxy ", "Commands:", "  demo ");
        assertThat(out.toString()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "prox | unknown argument \"prox\", did you mean proxy?",
                "demo 5 | unknown argument \"5\"",
                "demo --seconds=some | invalid --seconds \"some\": expected a whole number",
                "demo --seconds=0 | invalid --seconds \"0\": expected 1 to 3600",
                "proxy --stack=sipp | invalid --stack \"sipp\": expected one of [pkts, jainsip]",
            })
    void shouldNameWhatItCannotUseAndWhatItExpects(String line, String complaint) {
        assertThat(run(line.split(" ", -1))).isEqualTo(2);
        assertThat(err.toString())
                .startsWith("mediaproxy: " + complaint)
                .contains("(see mediaproxy")
                .hasLineCount(1);
    }

    @Test
    void shouldUseTheWidthOfTheTerminalForItsHelp() {
        run(MediaProxyCommand.withWidth(MediaProxyCommand.commandLine(console), "200"), "demo", "--help");
        assertThat(out.toString().lines().mapToInt(String::length).max().orElseThrow())
                .isBetween(120, 200);
        out.getBuffer().setLength(0);

        run(MediaProxyCommand.withWidth(MediaProxyCommand.commandLine(console), "wide"), "demo", "--help");
        assertThat(out.toString().lines().mapToInt(String::length).max().orElseThrow())
                .isBetween(60, 80);
    }

    @Test
    void shouldEndWithoutAWordWhenTheReaderOfItsOutputEnds() {
        OutputStream closed = new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                throw new IOException("Broken pipe");
            }
        };

        assertThat(Ran.mediaproxyWriting(closed, new byte[0], "--help")).isEqualTo(new Ran(141, "", ""));
    }

    @Test
    void shouldExitWithTwoForAnUnknownOption() {
        assertThat(run("--nope")).isEqualTo(2);
        assertThat(err)
                .hasToString("mediaproxy: Unknown option: '--nope' (see mediaproxy --help)" + System.lineSeparator());
    }

    @Test
    void shouldShowHelpAndVersion() {
        assertThat(run("--help")).isZero();
        assertThat(run("--version")).isZero();
        assertThat(out.toString()).contains("Usage: mediaproxy").contains("Java " + System.getProperty("java.version"));
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void shouldDescribeTheExitCodesInTheHelpOfEachCommand() {
        for (String command : List.of("demo", "example", "proxy", "rewrite", "explain", "pcap")) {
            assertThat(run(command, "--help")).isZero();
            assertThat(out.toString())
                    .contains("Usage: mediaproxy " + command)
                    .containsSubsequence("Exit codes:", "  0   ", "  1   ", "  2   bad input or usage");
            assertThat(out.toString()).doesNotContain("${");
            out.getBuffer().setLength(0);
        }
        assertThat(err.toString()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "--version",
                "demo --help",
                "demo --seconds=1",
                "demo --seconds=1 --json",
                "rewrite -",
                "explain -",
                "explain --json -"
            })
    void shouldExitWithOneWhenStandardOutputFails(String command) {
        OutputStream full = new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                throw new IOException("No space left on device");
            }
        };
        byte[] offer = "v=0\r\nc=IN IP4 10.0.0.10\r\nm=audio 40000 RTP/AVP 0\r\n".getBytes(StandardCharsets.UTF_8);

        assertThat(Ran.mediaproxyWriting(full, offer, command.split(" ", -1)))
                .isEqualTo(new Ran(1, "", "mediaproxy: cannot write to standard output" + System.lineSeparator()));
    }

    @Test
    void shouldExitWithTheCodeAndLineOfAFailure() {
        assertThat(run(failing(CommandException.failed("no audio\nat all", new IllegalStateException()))))
                .isEqualTo(1);
        assertThat(run(failing(CommandException.badInput("not SDP", new IllegalStateException()))))
                .isEqualTo(2);
        assertThat(run(failing(new IllegalStateException("broken")))).isEqualTo(1);
        assertThat(err.toString().lines())
                .containsExactly(
                        "mediaproxy: no audio at all",
                        "mediaproxy: not SDP",
                        "mediaproxy: unexpected java.lang.IllegalStateException: broken");
    }

    private int run(String... arguments) {
        return run(MediaProxyCommand.commandLine(console), arguments);
    }

    private int run(CommandLine command, String... arguments) {
        return command.setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(arguments);
    }

    private static CommandLine failing(Exception problem) {
        @Command(name = "failing")
        final class Failing implements Callable<Integer> {
            @Override
            public Integer call() throws Exception {
                throw problem;
            }
        }
        return MediaProxyCommand.withOneLineErrors(new CommandLine(new Failing()));
    }
}
