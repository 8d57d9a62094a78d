package io.mediaproxy.session;

import static io.mediaproxy.session.Call.AUDIO;

import io.mediaproxy.testing.ScriptedDispatcher;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;

/**
 * Engages 30,000 calls that are never answered, with the default limit, and then answers the first one.
 * {@link CallLimitTest} runs it in a JVM with a small heap.
 */
final class InviteFlood {
    static final int INVITES = 30_000;

    private static final int IN_FLIGHT = 256;

    private InviteFlood() {}

    public static void main(String[] args) throws InterruptedException {
        try (ScriptedDispatcher dispatcher = ScriptedDispatcher.answering(
                        command -> command.startsWith("update") ? "10.1.1.1 20000\r\n" : "removed\r\n");
                MediaProxy mediaProxy = MediaProxy.builder()
                        .dispatcherSocket(dispatcher.socket())
                        .timeout(Duration.ofSeconds(60))
                        .build()) {
            Call first = new Call("first");
            mediaProxy.engageMediaProxy(first.invite(AUDIO));
            long before = usedAfterCollection();
            Semaphore room = new Semaphore(IN_FLIGHT);
            for (int i = 1; i < INVITES; i++) {
                room.acquire();
                CompletableFuture<?> unused = mediaProxy
                        .engageMediaProxyAsync(new Call("c" + i + "@192.0.2.1").invite(AUDIO), CallAttributes.NONE)
                        .whenComplete((result, thrown) -> room.release());
            }
            room.acquire(IN_FLIGHT);
            int early = mediaProxy.engagedCalls().size();
            System.out.println("heap=" + Runtime.getRuntime().maxMemory() // less than -Xmx with some collectors
                    + " early=" + early
                    + " refused=" + mediaProxy.counters().callsRefused()
                    + " bytesPerCall=" + (usedAfterCollection() - before) / early
                    + " answer="
                    + mediaProxy
                            .engagedCalls()
                            .follow(first.response(200, AUDIO))
                            .outcome());
        }
    }

    private static long usedAfterCollection() {
        Runtime runtime = Runtime.getRuntime();
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
