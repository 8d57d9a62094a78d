package io.mediaproxy.benchmarks.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The heap of another JVM. */
public final class JavaHeap {
    private static final Pattern SIZE = Pattern.compile("-XX:MaxHeapSize=(\\d+)");
    private static final double BYTES_PER_MIB = 1024 * 1024;

    private JavaHeap() {}

    /** Returns its maximum, set by an option or by default; empty if the process is not a JVM. */
    public static OptionalDouble maxMebibytes(RunningProcess running) throws IOException {
        if (!running.process().info().command().orElse("").endsWith("java")) {
            return OptionalDouble.empty(); // jinfo would send it a SIGQUIT
        }
        Process asked = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jinfo").toString(),
                        "-flag",
                        "MaxHeapSize",
                        String.valueOf(running.process().pid()))
                .redirectErrorStream(true)
                .start();
        return maxMebibytes(new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    }

    static OptionalDouble maxMebibytes(String answer) {
        Matcher size = SIZE.matcher(answer);
        return size.find() ? OptionalDouble.of(Long.parseLong(size.group(1)) / BYTES_PER_MIB) : OptionalDouble.empty();
    }
}
