package io.mediaproxy.benchmarks.dispatchers;

import io.mediaproxy.benchmarks.sip.RunningProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * A dispatcher that listens.
 *
 * @param title as it is called in the report
 * @param door connects to it
 * @param processes that it consists of, its relay's included; empty: not known
 * @param started whether it is to be ended with the comparison
 */
record RunningDispatcher(String title, Door door, List<RunningProcess> processes, boolean started)
        implements AutoCloseable {
    /** The way in. */
    @FunctionalInterface
    interface Door {
        Caller connect() throws IOException;
    }

    Duration cpu() {
        return processes.stream().map(RunningProcess::cpu).reduce(Duration.ZERO, Duration::plus);
    }

    double mebibytes() throws IOException {
        double sum = 0;
        for (RunningProcess process : processes) {
            sum += process.mebibytes();
        }
        return sum;
    }

    @Override
    public void close() {
        if (started) {
            processes.forEach(RunningProcess::close);
        }
    }
}
