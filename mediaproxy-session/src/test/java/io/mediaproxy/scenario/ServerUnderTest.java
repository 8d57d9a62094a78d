package io.mediaproxy.scenario;

import io.mediaproxy.protocol.NanoClock;
import io.mediaproxy.session.CallKey;
import io.mediaproxy.session.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.opentest4j.TestAbortedException;

/**
 * A SIP server that a ladder is played to: all that it has to do is to take messages and pass them on. What it cannot do (its
 * stack decides that alone, or the ladder is about another way of using the SDK) has the ladder skipped.
 */
public interface ServerUnderTest extends AutoCloseable {
    /** Makes a server for one ladder. */
    @FunctionalInterface
    interface Maker {
        /** A server that asks this dispatcher. */
        ServerUnderTest make(Settings settings);
    }

    /**
     * Settings that a ladder chooses.
     *
     * @param disabled whether the module is
     * @param backChannelSocket where the dispatcher reports media timeouts; null for a server that does not listen for them
     */
    record Settings(
            Path dispatcherSocket,
            NanoClock clock,
            boolean disabled,
            @Nullable Path backChannelSocket) {}

    /** What the ladder's line says is to be done with a message. */
    enum Verb {
        /** {@code engage_media_proxy}; a server that engages all calls by itself does what it does. */
        ENGAGE,
        /** Just a message that comes by. */
        FOLLOW,
        /** {@code use_media_proxy}. */
        USE,
        /** {@code end_media_session}. */
        END,
        /** {@code MediaSession.offer}. */
        OFFER,
        /** {@code MediaSession.answer}. */
        ANSWER
    }

    /**
     * What became of a message.
     *
     * @param body as the receiver gets it
     * @param outcome null: the server does not tell
     */
    record Passed(String body, @Nullable Outcome outcome, String reason) {}

    /** A message comes in from this address. */
    CompletableFuture<Passed> handle(Verb verb, byte[] message, String source);

    /**
     * Returns when all commands that were under way have gone out, as can be told by those that the server sends behind them; their
     * Call-IDs begin with {@code own-}.
     */
    void settle();

    /** Time has passed: what is done from time to time is done now. */
    void timePassed();

    /** How many calls are engaged; negative: the server does not tell. */
    int engaged();

    /** The From tag of the next call that the server was asked to end, because its media stopped; null if there is none in time. */
    @Nullable String nextMediaTimeout(Duration within);

    /** The server sends an INVITE of its own. */
    default boolean join(byte[] ownInvite) {
        throw unsupported("join");
    }

    /** {@code MediaProxy.session}: what offers and answers are for from now on. */
    default void session(String callId, String fromTag) {
        throw unsupported("session");
    }

    /** {@code MediaSession.end}. */
    default CompletableFuture<Passed> endSession() {
        throw unsupported("end session");
    }

    /** {@code EngagedCalls.inviteTerminatedAsync}. */
    default CompletableFuture<Passed> inviteOver(CallKey invite, long cseq) {
        throw unsupported("over INVITE");
    }

    /** {@code EngagedCalls.dialogTerminatedAsync}. */
    default CompletableFuture<Passed> dialogOver(String callId, String oneTag, String otherTag) {
        throw unsupported("over dialog");
    }

    /** {@code EngagedCalls.endAsync}. */
    default CompletableFuture<Passed> endCall(CallKey call) {
        throw unsupported("end call");
    }

    private static TestAbortedException unsupported(String what) {
        return new TestAbortedException("this server has no \"" + what + "\" of its own");
    }

    @Override
    void close();
}
