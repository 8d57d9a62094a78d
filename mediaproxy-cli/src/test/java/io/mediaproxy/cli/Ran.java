package io.mediaproxy.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;

/** The command, run in this JVM: its exit code and the bytes that it wrote, taken as UTF-8. */
record Ran(int exitCode, String out, String err) {
    static Ran mediaproxy(String... arguments) {
        return mediaproxyReading(new byte[0], arguments);
    }

    static Ran mediaproxyReading(byte[] input, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Ran ran = mediaproxyWriting(out, input, arguments);
        return new Ran(ran.exitCode(), out.toString(StandardCharsets.UTF_8), ran.err());
    }

    /** Writes standard output to {@code out}, not into the result. */
    static Ran mediaproxyWriting(OutputStream out, byte[] input, String... arguments) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = new Console(
                new ByteArrayInputStream(input),
                new StandardOutput(out, StandardCharsets.UTF_8),
                new PrintStream(err, false, StandardCharsets.UTF_8));
        CommandLine commandLine = MediaProxyCommand.commandLine(console)
                .setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8));
        int exitCode = MediaProxyCommand.execute(commandLine, console, arguments);
        return new Ran(exitCode, "", err.toString(StandardCharsets.UTF_8));
    }
}
