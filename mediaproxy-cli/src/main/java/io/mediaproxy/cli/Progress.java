package io.mediaproxy.cli;

import io.mediaproxy.cli.pcap.CaptureReplay;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * One line on a terminal that says how far a long work is, and is gone when the work is done. It is drawn here, and not
 * by a library, as those bring a terminal library of a megabyte that starts processes to find out about the terminal.
 */
final class Progress implements CaptureReplay.Watcher {
    private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");
    /** Shorter work needs no progress line. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final int WIDTH = 40;

    private final PrintStream terminal;
    private final long total;
    private final LongSupplier nanoTime;
    private long due;
    private int drawn;

    /** @param total bytes, more than 0 */
    Progress(PrintStream terminal, long total, LongSupplier nanoTime) {
        this.terminal = terminal;
        this.total = total;
        this.nanoTime = nanoTime;
        this.due = nanoTime.getAsLong() + PATIENCE_NANOS;
    }

    /**
     * Whether standard error of this process is a terminal; where there is no {@code /proc} to ask it counts as none.
     */
    static boolean isForTerminal() {
        try {
            return Files.exists(STANDARD_ERROR)
                    && Files.readSymbolicLink(STANDARD_ERROR).toString().matches("/dev/(pts/|tty|console).*");
        } catch (IOException e) {
            return false; // closed, and so no terminal
        }
    }

    @Override
    public void read(long bytes) {
        long now = nanoTime.getAsLong();
        if (now - due < 0) {
            return;
        }
        due = now + INTERVAL_NANOS;
        int done = (int) (Math.min(bytes, total) * WIDTH / total);
        String line = "[" + "#".repeat(done) + ".".repeat(WIDTH - done) + "] " + Math.min(bytes, total) * 100 / total
                + " % of " + total / (1024 * 1024) + " MiB";
        terminal.print("\r" + line + " ".repeat(Math.max(0, drawn - line.length())));
        terminal.flush();
        drawn = line.length();
    }

    @Override
    public void clear() {
        if (drawn > 0) {
            terminal.print("\r" + " ".repeat(drawn) + "\r");
            terminal.flush();
            drawn = 0;
        }
    }
}
