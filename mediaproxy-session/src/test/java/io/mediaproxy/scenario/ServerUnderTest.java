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
 * A SIP server to which a ladder is played: it takes messages and passes them on. A ladder is skipped if the server
 * does not support one of its lines, because its stack decides that alone or the ladder uses the SDK in another way.
 */
public interface ServerUnderTest extends AutoCloseable {
    /** Starts a server for one ladder. */
    @FunctionalInterface
    interface Maker {
        /** Starts a server that uses this dispatcher. */
        ServerUnderTest make(Settings settings);
    }

    /**
     * Settings that a ladder chooses.
     *
     * @param disabled whether the module is
     * @param backChannelSocket where the dispatcher reports media timeouts; null for a server that does not listen for
     *     them
     */
    record Settings(
            Path dispatcherSocket,
            NanoClock clock,
            boolean disabled,
            @Nullable Path backChannelSocket) {}

    /** The function that a ladder's line calls for a message. */
    enum Verb {
        /** {@code engage_media_proxy}; a server that engages all calls by itself ignores it. */
        ENGAGE,
        /** None: the message just passes the server. */
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
     * A message that was passed on.
     *
     * @param body as the receiver gets it
     * @param outcome null if the server does not report it
     */
    record Passed(String body, @Nullable Outcome outcome, String reason) {}

    /** Handles a message from this address. */
    CompletableFuture<Passed> handle(Verb verb, byte[] message, String source);

    /**
     * Returns when all pending commands were sent: the server sends more commands after them, with Call-IDs that begin
     * with {@code own-}.
     */
    void settle();

    /** Runs the periodic work, since time has passed. */
    void timePassed();

    /** Returns the number of engaged calls; negative if the server does not report it. */
    int engaged();

    /**
     * The From tag of the next call that the server was asked to end, because its media stopped; null if there is none
     * in time.
     */
    @Nullable String nextMediaTimeout(Duration within);

    /** Makes the server send an INVITE on a second leg. */
    default boolean join(byte[] ownInvite) {
        throw unsupported("join");
    }

    /** {@code MediaProxy.session}: later offers and answers belong to it. */
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
        return new TestAbortedException("this server has no \"" + what + "\"");
    }

    @Override
    void close();
}
