package io.mediaproxy.session;

import static io.mediaproxy.session.Call.AUDIO;
import static io.mediaproxy.session.Call.AUDIO_VIDEO;
import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.embedded.EmbeddedDispatcher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Many threads handle many calls with a real dispatcher, the messages of each in any order and some at the same time:
 * every call ends, its session is removed once, and nothing is sent afterwards.
 */
class ConcurrentCallsTest {
    private static final int THREADS = 12;
    private static final int CALLS = 300;
    private static final int ENDINGS = 3;

    private final Map<String, List<String>> commands = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

    private final EmbeddedDispatcher dispatcher = EmbeddedDispatcher.builder()
            .commandListener(command -> commands.computeIfAbsent(command.callId(), id -> new CopyOnWriteArrayList<>())
                    .add(command.name()))
            .start();

    private final MediaProxy mediaProxy = MediaProxy.builder()
            .dispatcherSocket(dispatcher.socket())
            .timeout(Duration.ofSeconds(20))
            .build();

    @AfterEach
    void stop() {
        threads.shutdownNow();
        mediaProxy.close();
        dispatcher.close();
    }

    @Test
    void shouldRemoveEachEngagedCallOnceWithConcurrentMessages()
            throws InterruptedException, ExecutionException, TimeoutException {
        AtomicInteger removed = new AtomicInteger();
        List<Callable<Object>> work = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
            Call call = new Call("engaged-" + i);
            EngagedCalls calls = mediaProxy.engagedCalls();
            work.add(() -> mediaProxy.engageMediaProxy(call.invite(AUDIO)));
            work.add(() -> mediaProxy.engageMediaProxy(call.invite(AUDIO)));
            for (int status : List.of(100, 180, 183, 200, 486)) {
                work.add(() -> calls.follow(call.response(status, status == 180 || status == 486 ? "" : AUDIO_VIDEO)));
            }
            work.add(() -> calls.follow(call.invite(AUDIO_VIDEO)));
            work.add(() -> calls.join(call.invite(AUDIO)));
            work.add(() ->
                    calls.dialogTerminatedAsync(call.callId(), "alice", "bob").join());
            work.add(() -> calls.follow(call.bye()));
            work.add(() -> {
                PassingTime.of(mediaProxy);
                return calls.size();
            });
        }
        run(work, 1);

        List<Callable<Object>> endings = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
            String callId = "engaged-" + i;
            for (int times = 0; times < ENDINGS; times++) {
                endings.add(() -> {
                    MediaProxyResult end = mediaProxy
                            .engagedCalls()
                            .endAsync(new CallKey(callId, "alice"))
                            .join();
                    return end.outcome() == Outcome.REMOVED ? removed.incrementAndGet() : end;
                });
            }
        }
        run(endings, 2);

        assertEachSessionWasRemovedOnce();
        assertThat(removed).as("some calls were left to end").hasPositiveValue();
    }

    @Test
    void shouldRemoveEachMediaSessionOnceWithConcurrentMessages()
            throws InterruptedException, ExecutionException, TimeoutException {
        List<Callable<Object>> work = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
            Call call = new Call("session-" + i);
            MediaSession session = mediaProxy.session(call.callId(), "alice");
            work.add(() -> session.offer(call.invite(AUDIO)));
            work.add(() -> session.offer(call.invite(AUDIO)));
            work.add(() -> session.answer(call.response(183, AUDIO)));
            work.add(() -> session.answer(call.response(200, AUDIO)));
            work.add(() -> session.offer(call.response(200, AUDIO_VIDEO)));
            work.add(session::end);
            work.add(session::end);
        }
        run(work, 3);

        assertEachSessionWasRemovedOnce();
    }

    private void run(List<Callable<Object>> work, long seed)
            throws InterruptedException, ExecutionException, TimeoutException {
        Collections.shuffle(work, new Random(seed));
        List<Future<Object>> results = new ArrayList<>();
        for (Callable<Object> one : work) {
            results.add(threads.submit(one));
        }
        for (Future<Object> result : results) {
            result.get(60, TimeUnit.SECONDS);
        }
    }

    /** A call may begin again with another INVITE. Each session is removed before the next. */
    private void assertEachSessionWasRemovedOnce() {
        assertThat(mediaProxy.engagedCalls().size()).isZero();
        assertThat(mediaProxy.pendingRemovals()).isZero();
        assertThat(dispatcher.sessions()).isEmpty();
        assertThat(commands).isNotEmpty().allSatisfy((callId, names) -> {
            assertThat(names).first().isEqualTo("update");
            assertThat(names).last().isEqualTo("remove");
            assertThat(String.join(" ", names)).doesNotContain("remove remove");
        });
    }
}
