package io.mediaproxy.session;

import io.mediaproxy.protocol.backchannel.BackChannelConfig;
import io.mediaproxy.session.sip.RawSipMessage;
import io.mediaproxy.testing.ScriptedDispatcher;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Engages and answers 100,000 calls, keeps them all, and prints the heap that each of them takes.
 * {@link DialogMemoryTest} runs it in a JVM with a small heap. Arguments: the directory for the back channel's socket,
 * and {@code backchannel} or another word.
 */
final class DialogMemory {
    static final int DIALOGS = 100_000;

    private static final int PORTS = 20_000;
    private static final int IN_FLIGHT = 256;
    private static final String SDP = """
            v=0\r
            o=- 3849281 1 IN IP4 10.20.30.40\r
            s=-\r
            c=IN IP4 10.20.30.40\r
            t=0 0\r
            m=audio 49170 RTP/AVP 8 0 101\r
            a=rtpmap:101 telephone-event/8000\r
            """;

    private DialogMemory() {}

    public static void main(String[] args) throws InterruptedException {
        AtomicInteger updates = new AtomicInteger();
        try (ScriptedDispatcher dispatcher = ScriptedDispatcher.answering(
                command -> command.startsWith("update") ? endpoints(updates.getAndIncrement()) : "removed\r\n")) {
            MediaProxyBuilder builder = MediaProxy.builder()
                    .dispatcherSocket(dispatcher.socket())
                    .timeout(Duration.ofSeconds(60))
                    .maxEngagedCalls(DIALOGS + 1);
            if (args[1].equals("backchannel")) {
                Path socket = Path.of(args[0]).resolve("b.sock");
                builder.backChannel(BackChannelConfig.builder(socket).build());
            }
            try (MediaProxy mediaProxy = builder.build()) {
                mediaProxy.engageMediaProxy(invite("warm-up", "x"));
                long before = usedAfterCollection();
                int answered = engageAll(mediaProxy);
                long perDialog = (usedAfterCollection() - before) / DIALOGS;
                System.out.println("dialogs=" + mediaProxy.engagedCalls().size() + " answered=" + answered
                        + " bytesPerDialog=" + perDialog);
            }
        }
    }

    /** Returns another address and port for each update: more than a real relay has. */
    private static String endpoints(int update) {
        int host = update / PORTS;
        return "10." + host / 250 + '.' + host % 250 + ".1 " + (20_000 + 2 * (update % PORTS)) + "\r\n";
    }

    private static int engageAll(MediaProxy mediaProxy) throws InterruptedException {
        Semaphore room = new Semaphore(IN_FLIGHT);
        AtomicInteger answered = new AtomicInteger();
        for (int i = 0; i < DIALOGS; i++) {
            String callId = UUID.randomUUID() + "@sbc" + i % 100 + ".operator.example";
            String tag = Long.toHexString(UUID.randomUUID().getMostSignificantBits());
            room.acquire();
            CompletableFuture<?> unused = mediaProxy
                    .engageMediaProxyAsync(invite(callId, tag), CallAttributes.NONE)
                    .thenCompose(offer -> mediaProxy.engagedCalls().followAsync(answer(callId, tag)))
                    .whenComplete((answer, thrown) -> {
                        if (thrown == null && answer.returnCode() == 1) {
                            answered.incrementAndGet();
                        }
                        room.release();
                    });
        }
        room.acquire(IN_FLIGHT);
        return answered.get();
    }

    private static RawSipMessage invite(String callId, String tag) {
        return message("INVITE sip:+4930123456@operator.example SIP/2.0", callId, tag, "");
    }

    private static RawSipMessage answer(String callId, String tag) {
        return message("SIP/2.0 200 OK", callId, tag, ";tag=" + tag + "-callee");
    }

    private static RawSipMessage message(String startLine, String callId, String tag, String toTag) {
        String text = startLine + "\r\nRecord-Route: <sip:192.0.2.10;lr;ftag=" + tag + ">,<sip:192.0.2.11;lr>"
                + "\r\nFrom: \"Alice Atlanta\" <sip:+4930654321@operator.example>;tag=" + tag
                + "\r\nTo: <sip:+4930123456@operator.example;user=phone>" + toTag
                + "\r\nCall-ID: " + callId
                + "\r\nCSeq: 102 INVITE\r\nContact: <sip:+4930654321@192.0.2.55:5060;transport=udp>"
                + "\r\nUser-Agent: Phone 12.3\r\nContent-Type: application/sdp\r\nContent-Length: " + SDP.length()
                + "\r\n\r\n" + SDP;
        return RawSipMessage.parse(text.getBytes(StandardCharsets.US_ASCII), "192.0.2.55");
    }

    private static long usedAfterCollection() {
        Runtime runtime = Runtime.getRuntime();
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
