package io.mediaproxy.benchmarks.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Processor time of the machine since its start, in ticks of the kernel.
 *
 * @param all the time of all cores, idle or busy
 * @param stolen the part of it in which the hypervisor ran other machines
 */
public record ProcessorTimes(long all, long stolen) {
    private static final int STOLEN = 7;

    /** Guest time follows the stolen time, and is a part of the user time. */
    private static final int COUNTED = STOLEN + 1;

    private static final double PERCENT = 100;

    public static ProcessorTimes now() throws IOException {
        return of(Files.readString(Path.of("/proc/stat")));
    }

    /** Reads the text of {@code /proc/stat}, whose first line is the sum of all cores. */
    static ProcessorTimes of(String stat) throws IOException {
        String line = stat.lines().findFirst().orElse("");
        String[] cells = line.split(" +");
        if (!cells[0].equals("cpu") || cells.length <= COUNTED) {
            throw new IOException("/proc/stat: no sum of all cores in \"" + line + "\"");
        }
        long[] ticks =
                Arrays.stream(cells, 1, 1 + COUNTED).mapToLong(Long::parseLong).toArray();
        return new ProcessorTimes(Arrays.stream(ticks).sum(), ticks[STOLEN]);
    }

    /** Returns the stolen share of the time since then, in per cent. */
    public double stolenPercentSince(ProcessorTimes before) {
        return PERCENT * (stolen - before.stolen) / Math.max(1, all - before.all);
    }
}
