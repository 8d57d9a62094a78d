package io.mediaproxy.scenario;

import io.mediaproxy.protocol.backchannel.BackChannelConfig;
import io.mediaproxy.session.CallAttributes;
import io.mediaproxy.session.CallKey;
import io.mediaproxy.session.MediaProxy;
import io.mediaproxy.session.MediaProxyBuilder;
import io.mediaproxy.session.MediaProxyResult;
import io.mediaproxy.session.MediaSession;
import io.mediaproxy.session.PassingTime;
import io.mediaproxy.session.sip.RawSipMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A server without a stack: {@link MediaProxy} alone, the base of the adapters' servers. */
public class MediaProxyServer implements ServerUnderTest {
    private final MediaProxy mediaProxy;
    private final BlockingQueue<String> mediaTimeouts = new LinkedBlockingQueue<>();
    private MediaSession session;

    public MediaProxyServer(Settings settings) {
        MediaProxyBuilder builder = MediaProxy.builder()
                .dispatcherSocket(settings.dispatcherSocket())
                .disabled(settings.disabled())
                .dispatcher(limits ->
                        limits.clock(settings.clock()).maxConnections(1).retryInterval(Duration.ofMinutes(10)));
        if (settings.backChannelSocket() != null) {
            builder.backChannel(
                    BackChannelConfig.builder(settings.backChannelSocket()).build());
        }
        mediaProxy = builder.build();
        mediaProxy.onMediaTimeout(timeout -> mediaTimeouts.add(timeout.fromTag()));
    }

    /** Returns the instance that handles the messages. */
    protected final MediaProxy mediaProxy() {
        return mediaProxy;
    }

    @Override
    public CompletableFuture<Passed> handle(Verb verb, byte[] message, String source) {
        RawSipMessage view = RawSipMessage.parse(message, source);
        CompletableFuture<MediaProxyResult> result = switch (verb) {
            case ENGAGE -> mediaProxy.engageMediaProxyAsync(view, CallAttributes.NONE);
            case FOLLOW -> mediaProxy.engagedCalls().followAsync(view);
            case USE -> mediaProxy.useMediaProxyAsync(view, CallAttributes.NONE);
            case END -> mediaProxy.endMediaSessionAsync(view);
            case OFFER -> session.offerAsync(view, CallAttributes.NONE);
            case ANSWER -> session.answerAsync(view, CallAttributes.NONE);
        };
        String body =
                text(Arrays.copyOfRange(view.bodyArray(), view.bodyOffset(), view.bodyOffset() + view.bodyLength()));
        return result.thenApply(outcome -> passed(outcome, body));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Returns the result for a message that the adapter passes on with this body; null if it has none. */
    protected static Passed passed(MediaProxyResult result, byte @Nullable [] body) {
        return new Passed(body == null ? "" : text(body), result.outcome(), result.reason());
    }

    private static Passed passed(MediaProxyResult result, String body) {
        return new Passed(result.body().map(MediaProxyServer::text).orElse(body), result.outcome(), result.reason());
    }

    @Override
    public @Nullable String nextMediaTimeout(Duration within) {
        try {
            return mediaTimeouts.poll(within.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public boolean join(byte[] ownInvite) {
        return mediaProxy.engagedCalls().join(RawSipMessage.parse(ownInvite, "192.0.2.200"));
    }

    @Override
    public void session(String callId, String fromTag) {
        session = mediaProxy.session(callId, fromTag);
    }

    @Override
    public CompletableFuture<Passed> endSession() {
        return session.endAsync().thenApply(result -> passed(result, ""));
    }

    @Override
    public CompletableFuture<Passed> inviteOver(CallKey invite, long cseq) {
        return mediaProxy.engagedCalls().inviteTerminatedAsync(invite, cseq).thenApply(result -> passed(result, ""));
    }

    @Override
    public CompletableFuture<Passed> dialogOver(String callId, String oneTag, String otherTag) {
        return mediaProxy
                .engagedCalls()
                .dialogTerminatedAsync(callId, oneTag, otherTag)
                .thenApply(result -> passed(result, ""));
    }

    @Override
    public CompletableFuture<Passed> endCall(CallKey call) {
        return mediaProxy.engagedCalls().endAsync(call).thenApply(result -> passed(result, ""));
    }

    /**
     * Sends two commands over the one connection, because a command that waits for another one of its call comes after
     * the first.
     */
    @Override
    public void settle() {
        for (int i = 0; i < 2; i++) {
            String bye = "BYE sip:x SIP/2.0\r\nFrom: <sip:x>;tag=x\r\nTo: <sip:y>;tag=y\r\nCall-ID: "
                    + ScenarioDispatcher.OWN + i + "\r\nCSeq: 1 BYE\r\n\r\n";
            mediaProxy.endMediaSession(RawSipMessage.parse(bye.getBytes(StandardCharsets.US_ASCII), "192.0.2.200"));
        }
    }

    @Override
    public void timePassed() {
        PassingTime.of(mediaProxy);
    }

    @Override
    public int engaged() {
        return mediaProxy.engagedCalls().size();
    }

    @Override
    public void close() {
        mediaProxy.close();
    }
}
