package io.mediaproxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.embedded.EmbeddedDispatcher;
import io.mediaproxy.embedded.EmbeddedRelay;
import io.mediaproxy.examples.sipp.Sipp;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * sipp calls sipp through a proxy with three dispatchers that share two relays, while one of them after the other is
 * killed, started again a second later, or stalled for three seconds. Each call has a hold and its end. Needs sipp, and
 * a machine that does little else; {@code -Psoak} runs it. {@code -Dproxy.outages} gives the seconds,
 * {@code -Dproxy.rate} the calls per second.
 */
@Tag("soak")
@Timeout(value = 12, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ProxyOutagesTest {
    private static final int SECONDS = Integer.getInteger("proxy.outages", 120);
    private static final int RATE = Integer.getInteger("proxy.rate", 200);
    private static final int CALLS = SECONDS * RATE;
    private static final int WARM_UP_CALLS = 200;
    /** A dispatcher that was given up is back after that, so that at least two are healthy. */
    private static final int FAULT_SECONDS = 13;

    private static final int PATIENCE_SECONDS = 180;
    /** Less than the relay's timeout, which would remove what was left. */
    private static final int REMOVAL_SECONDS = 60;
    /** A client has one command on each. Of an offer that a kill catches there, no reply names the relay. */
    private static final int CONNECTIONS = 4;

    private static final Pattern TOTAL = Pattern.compile("without relay ([0-9]+), half-relayed ([0-9]+), ");

    private final List<EmbeddedRelay> relays = List.of(
            EmbeddedRelay.builder().bindAddress("127.9.9.8").start(),
            EmbeddedRelay.builder().bindAddress("127.9.9.9").start());
    private final List<EmbeddedDispatcher> dispatchers = new ArrayList<>();
    private final ScheduledExecutorService faults = Executors.newSingleThreadScheduledExecutor();
    /** Where each caller sends its media, after the first answer. */
    private final Map<Integer, InetSocketAddress> destinations = new ConcurrentHashMap<>();

    private final List<String> moved = new CopyOnWriteArrayList<>();
    private int kills;

    @BeforeEach
    void start() {
        for (int i = 0; i < 3; i++) {
            dispatchers.add(EmbeddedDispatcher.builder()
                    .relays(relays.toArray(EmbeddedRelay[]::new))
                    .start());
        }
    }

    @AfterEach
    void stop() {
        faults.shutdownNow();
        dispatchers.forEach(EmbeddedDispatcher::close);
        relays.forEach(EmbeddedRelay::close);
    }

    private static boolean isRelay(InetSocketAddress destination) {
        return destination.getHostString().startsWith("127.9.9.");
    }

    /** A call that has a relay keeps its ports, since its streams stay where they are. */
    private void destination(int call, InetSocketAddress destination) {
        InetSocketAddress first = destinations.putIfAbsent(call, destination);
        if (first != null && isRelay(first) && isRelay(destination) && !first.equals(destination)) {
            moved.add("call " + call + ": " + first + " became " + destination);
        }
    }

    private void planFaults() {
        for (int at = 2; at < SECONDS - FAULT_SECONDS / 2; at += FAULT_SECONDS) {
            int number = at / FAULT_SECONDS;
            EmbeddedDispatcher dispatcher = dispatchers.get(number % 3);
            boolean kill = number % 2 == 0;
            kills += kill ? 1 : 0;
            Future<?> unused = faults.schedule(
                    () -> {
                        if (kill) {
                            dispatcher.kill();
                        } else {
                            dispatcher.stall(Duration.ofSeconds(3));
                        }
                    },
                    at,
                    TimeUnit.SECONDS);
            if (kill) {
                Future<?> unusedEnd = faults.schedule(() -> dispatcher.restart(), at + 1, TimeUnit.SECONDS);
            }
        }
    }

    private int sessions() {
        return relays.stream().mapToInt(relay -> relay.sessions().size()).sum();
    }

    @Test
    void shouldLoseNoCallWhileOneDispatcherIsHealthy(@TempDir Path directory) throws Exception {
        InetSocketAddress callee = ProxyLoad.freeAddress();
        List<String> arguments = new ArrayList<>(List.of(
                "proxy",
                "--statistics-interval=0",
                "--next=" + callee.getAddress().getHostAddress() + ":" + callee.getPort()));
        dispatchers.forEach(dispatcher -> arguments.add("--socket=" + dispatcher.socket()));
        Path log = directory.resolve("log");
        try (ServerProcess proxy = new ServerProcess(
                        List.of(), ProcessBuilder.Redirect.to(log.toFile()), arguments.toArray(String[]::new));
                Sipp answers = Sipp.callee(
                        ProxyLoad.directory("callee", directory),
                        CALLS + WARM_UP_CALLS,
                        (call, to) -> {},
                        callee.getPort())) {
            try (Sipp warmUp = Sipp.caller(
                    ProxyLoad.directory("warm-up", directory),
                    WARM_UP_CALLS,
                    RATE / 4,
                    proxy.address(),
                    (call, to) -> {})) {
                assertThat(warmUp.exitCode(PATIENCE_SECONDS))
                        .as(warmUp.complaints())
                        .isZero();
            }
            planFaults();
            try (Sipp caller = Sipp.caller(
                    ProxyLoad.directory("caller", directory), CALLS, RATE, proxy.address(), this::destination)) {
                int exitCode = caller.exitCode(SECONDS + PATIENCE_SECONDS);
                for (int i = 0; i < REMOVAL_SECONDS && sessions() > 0; i++) {
                    faults.schedule(() -> {}, 1, TimeUnit.SECONDS).get();
                }
                int left = sessions();
                String total = String.join(" ", proxy.terminate());
                long relayed = destinations.values().stream()
                        .filter(ProxyOutagesTest::isRelay)
                        .count();
                System.out.println("outages: " + RATE + " calls/s for " + SECONDS + " s, " + kills + " kills: "
                        + caller.summary() + "; answers with a relay " + relayed + ", moved " + moved.size()
                        + ", sessions left " + left + "; " + total);

                assertThat(exitCode)
                        .as(caller.complaints() + answers.complaints())
                        .isZero();
                assertThat(moved).isEmpty();
                Matcher counters = TOTAL.matcher(total);
                assertThat(counters.find()).as(total).isTrue();
                assertThat(Integer.parseInt(counters.group(2)))
                        .as("half-relayed exchanges")
                        .isZero();
                assertThat(left).as("sessions of offers in flight at a kill").isLessThanOrEqualTo(kills * CONNECTIONS);
            }
        }
    }
}
