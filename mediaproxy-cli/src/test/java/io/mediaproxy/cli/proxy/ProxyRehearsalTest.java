package io.mediaproxy.cli.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.examples.pkts.proxy.PktsProxy;
import io.mediaproxy.session.Outcome;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class ProxyRehearsalTest {
    static Stream<ProxyStart> proxies() {
        return Stream.of(PktsProxy::start, JainSipProxy::start);
    }

    @ParameterizedTest
    @MethodSource("proxies")
    void shouldMakeWholeCalls(ProxyStart proxy) {
        Queue<Outcome> outcomes = new ConcurrentLinkedQueue<>();
        ProxyRehearsal.run(
                (listen, next, mediaProxy, events) -> {
                    mediaProxy.engagedCalls().onResult((message, result) -> outcomes.add(result.outcome()));
                    return proxy.start(listen, next, mediaProxy, events);
                },
                Duration.ofMillis(100));

        assertThat(outcomes)
                .contains(Outcome.REWRITTEN, Outcome.REMOVED)
                .doesNotContain(Outcome.FAILED, Outcome.NOT_ENGAGED);
    }
}
