package io.mediaproxy.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.embedded.EmbeddedDispatcher;
import io.mediaproxy.protocol.backchannel.BackChannelConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server may open and close MediaProxy as often as it likes. */
class OpenCloseTest {
    private static final int CYCLES = 1_000;
    private static final int FIRST_CYCLES = 20;
    private static final long PATIENCE_MILLIS = TimeUnit.SECONDS.toMillis(20);

    private int calls;

    @Test
    void shouldLeaveNoThreadDescriptorOrFileInAThousandCycles(@TempDir Path directory) throws Exception {
        try (EmbeddedDispatcher dispatcher = EmbeddedDispatcher.builder()
                .socket(directory.resolve("dispatcher.sock"))
                .start()) {
            cycles(FIRST_CYCLES, dispatcher, directory);
            Set<Thread> threads = Set.copyOf(Thread.getAllStackTraces().keySet());
            List<String> files = names(directory);
            long descriptors = descriptors();

            cycles(CYCLES, dispatcher, directory);

            for (Thread thread : Thread.getAllStackTraces().keySet()) {
                if (!threads.contains(thread)) {
                    thread.join(PATIENCE_MILLIS);
                    assertThat(thread.isAlive()).as(thread.getName()).isFalse();
                }
            }
            assertThat(names(directory)).isEqualTo(files);
            awaitDescriptors(descriptors);
            assertThat(dispatcher.sessions()).isEmpty();
        }
    }

    /** Each with a call, so that the client connects. */
    private void cycles(int count, EmbeddedDispatcher dispatcher, Path directory) {
        for (int i = 0; i < count; i++) {
            Call call = new Call("call-" + calls++);
            try (MediaProxy mediaProxy = MediaProxy.builder()
                    .dispatcherSocket(dispatcher.socket())
                    .timeout(Duration.ofSeconds(20))
                    .backChannel(BackChannelConfig.builder(directory.resolve("back.sock"))
                            .build())
                    .build()) {
                assertThat(mediaProxy.useMediaProxy(call.invite(Call.AUDIO)).outcome())
                        .isEqualTo(Outcome.REWRITTEN);
                assertThat(mediaProxy.endMediaSession(call.bye()).outcome()).isEqualTo(Outcome.REMOVED);
            }
        }
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(Path::toString).sorted().toList();
        }
    }

    /** The dispatcher notices a little later that a client has closed its connection. */
    private static void awaitDescriptors(long limit) throws IOException {
        long start = System.nanoTime();
        while (descriptors() > limit && System.nanoTime() - start < TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS)) {
            Thread.onSpinWait();
        }
        assertThat(descriptors()).isLessThanOrEqualTo(limit);
    }

    /** Does not count files, since the JVM opens the libraries of its class path on first use. */
    private static long descriptors() throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors.filter(file -> !Files.isRegularFile(file)).count();
        }
    }
}
