package io.mediaproxy.benchmarks;

import io.mediaproxy.session.CallAttributes;
import io.mediaproxy.session.MediaProxy;
import io.mediaproxy.session.MediaProxyResult;
import io.mediaproxy.session.PeriodicWork;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** A number of engaged and answered calls, all alive, with a dispatcher of their own. Not thread-safe. */
final class AliveCalls implements AutoCloseable {
    private static final int IN_FLIGHT = 256;

    /** A prime, so that calls that follow each other in time are not neighbours in memory. */
    private static final long STRIDE = 7919;

    private static final byte[] SDP = SampleCall.sdp("audio");
    private static final MessageTemplate INVITE = MessageTemplate.request("INVITE", false, SDP);
    private static final MessageTemplate RE_INVITE = MessageTemplate.request("INVITE", true, SDP);
    private static final MessageTemplate ANSWER = MessageTemplate.answer(SDP);
    private static final MessageTemplate INFO = MessageTemplate.request("INFO", true, new byte[0]);

    private final int number;
    private final Relays dispatcher = new Relays();
    private final MediaProxy mediaProxy;
    private int message = 1;

    /** A dispatcher whose relays have a different address and port for each command, so that no two calls share one. */
    private static final class Relays extends BarePeer {
        private static final int PORTS = 20_000;
        private final AtomicInteger commands = new AtomicInteger();

        Relays() throws IOException {
            super();
        }

        @Override
        ByteBuffer reply(ByteBuffer usual) {
            int command = commands.getAndIncrement();
            int host = command / PORTS;
            String reply =
                    "10." + host / 250 % 250 + '.' + host % 250 + ".1 " + (20_000 + 2 * (command % PORTS)) + "\r\n";
            return ByteBuffer.wrap(reply.getBytes(StandardCharsets.US_ASCII));
        }
    }

    AliveCalls(int number) throws IOException, InterruptedException {
        this.number = number;
        mediaProxy = MediaProxy.builder()
                .dispatcherSocket(dispatcher.path())
                .timeout(Duration.ofSeconds(60))
                .maxEngagedCalls(2 * number)
                .build();
        engageAll();
    }

    private void engageAll() throws IOException, InterruptedException {
        Semaphore room = new Semaphore(IN_FLIGHT);
        AtomicInteger answered = new AtomicInteger();
        for (int i = 0; i < number; i++) {
            int call = i;
            room.acquire();
            CompletableFuture<?> unused = mediaProxy
                    .engageMediaProxyAsync(INVITE.of(call, 1), CallAttributes.NONE)
                    .thenCompose(offer -> mediaProxy.engagedCalls().followAsync(ANSWER.of(call, 1)))
                    .whenComplete((answer, thrown) -> {
                        answered.addAndGet(thrown == null && answer.returnCode() == 1 ? 1 : 0);
                        room.release();
                    });
        }
        room.acquire(IN_FLIGHT);
        if (answered.get() != number || size() != number) {
            throw new IOException(answered + " of " + number + " calls got a relay, and " + size() + " are alive");
        }
    }

    int size() {
        return mediaProxy.engagedCalls().size();
    }

    /** Follows a message without SDP, of another call each time. */
    MediaProxyResult info() {
        message++;
        return mediaProxy.engagedCalls().follow(INFO.of(call(), message));
    }

    /** Follows an offer and its answer, of another call each time. */
    MediaProxyResult reInvite() {
        message++;
        mediaProxy.engagedCalls().follow(RE_INVITE.of(call(), message));
        return mediaProxy.engagedCalls().follow(ANSWER.of(call(), message));
    }

    private int call() {
        return (int) (STRIDE * message % number);
    }

    void periodicWork() {
        PeriodicWork.run(mediaProxy);
    }

    @Override
    public void close() throws IOException {
        mediaProxy.close();
        dispatcher.close();
    }
}
