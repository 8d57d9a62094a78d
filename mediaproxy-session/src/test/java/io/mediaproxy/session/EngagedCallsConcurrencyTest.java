package io.mediaproxy.session;

import io.mediaproxy.sdp.IceCandidate;
import io.mediaproxy.session.sip.RawSipMessage;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/**
 * Plays interleavings of threads that begin, follow and end one call, and of the reaper. Whatever their order: after
 * them the call is either engaged, and then it is found by each of its parts, or it has left all of them.
 */
public class EngagedCallsConcurrencyTest {
    private static final Call CALL = new Call("c1");
    private static final RawSipMessage INVITE = CALL.invite("");
    private static final RawSipMessage ANSWER = CALL.response(200, "");
    private static final RawSipMessage CANCEL = CALL.cancel();
    private static final RawSipMessage BYE = CALL.bye();
    private static final CallKey KEY = new CallKey("c1", "alice");
    private static final Duration LONGEST = Duration.ofHours(12);

    private static final MediaProxyConfig CONFIG = new MediaProxyConfig(
            (message, attributes) -> message.sourceAddress(),
            "",
            IceCandidate.NONE,
            LONGEST,
            Duration.ofMinutes(5),
            10,
            false);
    /** There is none: as no message has SDP, no command is sent. */
    @SuppressWarnings("NullAway")
    private static final Dispatchers NONE = null;

    private final AtomicLong nanos = new AtomicLong();
    private final CallLimit limit = new CallLimit(10, nanos::get);
    private final AtomicInteger ended = new AtomicInteger();
    private final EngagedCalls calls;
    private final CallSessions sessions;
    private final CallAdmission admission;

    public EngagedCallsConcurrencyTest() {
        SessionLedger ledger = new SessionLedger();
        PendingRemovals pending = new PendingRemovals(NONE, ledger, Duration.ofDays(1), nanos::get);
        PacedEnding ending = new PacedEnding(pending, 1024);
        Removals removals = new Removals(NONE, ledger, pending, new MessageOffers(), nanos::get);
        calls = new EngagedCalls(limit, ending::end);
        calls.onEnded((call, removal) -> ended.incrementAndGet());
        sessions = new CallSessions(
                CONFIG,
                new Updates(NONE, ledger, removals),
                removals,
                ending,
                new RelayOutage(nanos::get),
                new IceWarning(),
                nanos::get,
                false);
        sessions.close(); // its thread does not start
        admission = new CallAdmission(sessions, calls, ledger, false);
    }

    @Operation
    public void engage() {
        admission.engage(INVITE, CallAttributes.NONE).join();
    }

    @Operation
    public void answer() {
        calls.follow(ANSWER);
    }

    /** Brings the end of a silent call nearer. */
    @Operation
    public void cancel() {
        calls.follow(CANCEL);
    }

    @Operation
    public void hangUp() {
        calls.follow(BYE);
    }

    @Operation
    public void end() {
        calls.endAsync(KEY).join();
    }

    @Operation
    public void beSilentForTooLong() {
        nanos.addAndGet(LONGEST.toNanos() + 1);
        sessions.reap();
    }

    @Validate
    public void callIsEverywhereOrNowhere() {
        boolean engaged = calls.isEngaged(KEY);
        CallSession session = sessions.find(KEY.callId());
        check(engaged == (session != null && !session.hasEnded()), "session");
        check(sessions.watched() == (engaged ? 1 : 0), "expiry");
        check(calls.size() == (engaged ? 1 : 0), "places");
    }

    private void check(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException(what + ": engaged " + calls.isEngaged(KEY) + ", " + calls.size()
                    + " places taken, " + sessions.watched() + " watched");
        }
    }

    /** Reads messages, or writes the log: the order of threads in there makes no difference. */
    private static boolean isConfined(String className) {
        return className.startsWith("io.mediaproxy.session.sip.")
                || className.startsWith("io.mediaproxy.sdp.")
                || className.startsWith("io.mediaproxy.protocol.log.")
                || className.endsWith(".AddressHeader")
                || className.endsWith(".CallFields")
                || className.endsWith(".RelayedMessage");
    }

    @Test
    void shouldKeepACallInAllPartsOrInNone() {
        new ModelCheckingOptions()
                .threads(2)
                .actorsPerThread(2)
                .actorsBefore(1)
                .actorsAfter(0)
                .iterations(6)
                .invocationsPerIteration(10)
                .addGuarantee(ManagedStrategyGuaranteeKt.forClasses(EngagedCallsConcurrencyTest::isConfined)
                        .allMethods()
                        .ignore())
                .check(EngagedCallsConcurrencyTest.class);
    }
}
