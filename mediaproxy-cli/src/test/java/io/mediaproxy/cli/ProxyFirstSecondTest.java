package io.mediaproxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.cli.ProxyLoad.Outcome;
import io.mediaproxy.examples.sipp.Sipp;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Calls a proxy as soon as it listens, at the full rate from the first call on. None may fail or be refused. Needs
 * sipp, and a machine that does little else; {@code -Psoak} runs it. {@code -Dproxy.rate} gives the calls per second,
 * {@code -Dproxy.warm-up=0} shows the first seconds without a rehearsal.
 */
@Tag("soak")
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ProxyFirstSecondTest {
    private static final int RATE = Integer.getInteger("proxy.rate", 300);
    private static final int SECONDS = 10;
    private static final int WARM_UP = Integer.getInteger("proxy.warm-up", 2);

    @ParameterizedTest
    @CsvSource({"pkts, -Xmx128m", "jainsip, -Xmx256m"})
    void shouldServeAllCallsFromTheFirstSecondOn(String stack, String heap, @TempDir Path directory) throws Exception {
        try (Sipp callee =
                        Sipp.callee(ProxyLoad.directory("callee", directory), ProxyLoad.MANY_CALLS, (call, to) -> {});
                ServerProcess proxy = new ServerProcess(
                        List.of(heap),
                        ProcessBuilder.Redirect.INHERIT,
                        "proxy",
                        "--statistics-interval=0",
                        "--embedded",
                        "--warm-up=" + WARM_UP,
                        "--stack=" + stack,
                        "--next=127.0.0.1:" + callee.address().getPort())) {
            Outcome outcome = new ProxyLoad(proxy, directory).run("first", RATE, SECONDS);
            List<String> lines = proxy.terminate();
            System.out.println("first second: " + stack + ": " + outcome + "; " + lines);

            assertThat(outcome.calls()).isEqualTo(RATE * SECONDS);
            assertThat(outcome.failed() + outcome.refused()).as("%s", outcome).isZero();
        }
    }
}
