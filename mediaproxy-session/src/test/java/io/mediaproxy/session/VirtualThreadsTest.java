package io.mediaproxy.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.testing.ScriptedDispatcher;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

/** Servers may call the blocking methods on virtual threads, which leave their carrier while they wait. */
@EnabledForJreRange(
        min = JRE.JAVA_24,
        disabledReason = "before JDK 24 a virtual thread keeps its carrier in each synchronized block, also of the JDK")
class VirtualThreadsTest {
    private static final String PINNED = "jdk.VirtualThreadPinned";
    private static final int CALLS = 10_000;

    /** More at once, and the client would refuse some as an overload. */
    private static final int AT_ONCE = 50;

    private final Semaphore room = new Semaphore(AT_ONCE);

    @Test
    void shouldPinNoCarrierInTenThousandBlockingCalls(@TempDir Path directory) throws Exception {
        try (ScriptedDispatcher dispatcher = ScriptedDispatcher.answering(command -> "203.0.113.5 40000\r\n");
                MediaProxy mediaProxy = MediaProxy.builder()
                        .dispatcherSocket(dispatcher.socket())
                        .timeout(Duration.ofMinutes(1))
                        .dispatcher(config -> config.queueCapacity(CALLS))
                        .build();
                Recording recording = new Recording()) {
            ExecutorService threads = virtualThreads();
            useAll(mediaProxy, AT_ONCE, threads); // loads the classes, for which a thread may have to wait pinned
            recording.enable(PINNED).withoutThreshold().withStackTrace();
            recording.start();

            useAll(mediaProxy, CALLS, threads);
            threads.submit(Pinning::new).get();
            recording.stop();

            List<RecordedEvent> pinned = pinned(recording, directory.resolve("pinned.jfr"));
            assertThat(pinned).as("the recording notices pinning").anyMatch(VirtualThreadsTest::isOnPurpose);
            assertThat(pinned)
                    .allMatch(event -> isOnPurpose(event) || isIn(ClassLoader.class, event)); // once for each class
        }
    }

    private void useAll(MediaProxy mediaProxy, int count, ExecutorService threads) throws Exception {
        List<Future<MediaProxyResult>> results = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Call call = new Call("call-" + i);
            results.add(threads.submit(() -> use(mediaProxy, call)));
        }
        for (Future<MediaProxyResult> result : results) {
            assertThat(result.get(1, TimeUnit.MINUTES).reason()).isEqualTo("relay 203.0.113.5 40000");
        }
    }

    private MediaProxyResult use(MediaProxy mediaProxy, Call call) throws InterruptedException {
        room.acquire();
        try {
            return mediaProxy.useMediaProxy(call.invite(Call.AUDIO));
        } finally {
            room.release();
        }
    }

    private static List<RecordedEvent> pinned(Recording recording, Path file) throws IOException {
        recording.dump(file);
        return RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().equals(PINNED))
                .toList();
    }

    private static boolean isOnPurpose(RecordedEvent event) {
        return isIn(Pinning.class, event);
    }

    private static boolean isIn(Class<?> type, RecordedEvent event) {
        return event.getStackTrace() != null
                && event.getStackTrace().getFrames().stream()
                        .anyMatch(frame -> frame.getMethod().getType().getName().equals(type.getName()));
    }

    /** By reflection: the tests are compiled for Java 17. */
    private static ExecutorService virtualThreads() throws ReflectiveOperationException {
        Object threads =
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        return (ExecutorService) Objects.requireNonNull(threads);
    }

    /** Pins its carrier: a class is initialised on one thread. */
    private static final class Pinning {
        static {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }
}
