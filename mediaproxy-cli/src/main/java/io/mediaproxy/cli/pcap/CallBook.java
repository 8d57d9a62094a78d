package io.mediaproxy.cli.pcap;

import io.mediaproxy.cli.pcap.TrialServer.Handled;
import io.mediaproxy.session.CallKey;
import io.mediaproxy.session.MediaProxyResult;
import io.mediaproxy.session.Outcome;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The open calls of the capture: gives each message to MediaProxy once, as a SIP server would, and reports each call
 * that is over. Not thread-safe.
 *
 * <p>A capture may have a message several times. A repetition with the same body gets the same relay. One on another
 * hop with another body was changed between the two, perhaps by a relay there: MediaProxy has its place at one hop,
 * which here is the one that was seen first. {@link InviteBranches} decides which refusals reach that hop.
 *
 * <p>Bounded: beyond the limit of calls, or of what is kept to be shown, the idlest call is given up, an ended one
 * first.
 */
final class CallBook {
    private static final long MAX_WEIGHT = 32L * 1024 * 1024;
    private static final long SWEEP_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final TrialServer server;
    private final int maxCalls;
    private final Consumer<CallReport> finished;
    private final CaptureTotals totals;
    /** The idlest first. */
    private final Map<CallKey, TracedCall> calls = new LinkedHashMap<>(16, 0.75f, true);

    private long now;
    private long swept;
    private long weight;

    /** @param finished gets each call when it is over; must not call back */
    CallBook(TrialServer server, int maxCalls, Consumer<CallReport> finished, CaptureTotals totals) {
        this.server = server;
        this.maxCalls = maxCalls;
        this.finished = finished;
        this.totals = totals;
    }

    /** Returns the new body of the message; null if it keeps its own. */
    byte @Nullable [] take(CapturedMessage message) throws InterruptedException {
        advance(message.nanos());
        TracedCall call = find(message);
        if (call == null) {
            totals.messagesOutsideCalls++;
            return null;
        }
        weight -= call.weight();
        byte[] body = take(call, message);
        weight += call.weight();
        while (calls.size() > maxCalls || weight > MAX_WEIGHT) {
            giveUpIdlest();
        }
        return body;
    }

    /** The call of the message, which may begin it; null if there is none. */
    private @Nullable TracedCall find(CapturedMessage message) {
        String callId = message.header("Call-ID");
        CallKey caller = new CallKey(callId, message.fromTag());
        TracedCall call = calls.get(caller);
        if (call == null) {
            call = calls.get(new CallKey(callId, message.toTag()));
        }
        if (call == null && message.beginsCall() && !callId.isEmpty()) {
            call = new TracedCall(++totals.calls, caller, message);
            calls.put(caller, call);
        }
        return call;
    }

    private byte @Nullable [] take(TracedCall call, CapturedMessage message) throws InterruptedException {
        TracedCall.Sighting before = call.seen(message);
        String elsewhere = call.whyElsewhere(message, before, server.isEngaged(call.key()));
        Handled handled;
        if (elsewhere != null) {
            handled = Handled.elsewhere(elsewhere);
        } else if (call.opens(message, before)) {
            handled = server.engage(message.sip());
        } else {
            handled = server.follow(message.sip());
        }
        boolean same = before != null && (elsewhere != null || before.hasBodyOf(message));
        call.heard(message, server.isEngaged(call.key()));
        call.add(MessageReport.of(
                message, call.secondsAt(message.nanos()), same && before != null ? before.packet() : null, handled));
        Optional<MediaProxyResult> result = Optional.ofNullable(handled.result());
        byte[] body = result.flatMap(MediaProxyResult::body).orElse(null);
        totals.messagesRewritten += body == null ? 0 : 1;
        totals.messagesFailed +=
                result.filter(it -> it.outcome() == Outcome.FAILED).isPresent() ? 1 : 0;
        return body;
    }

    /** Moves time to that of a packet, never back, as packets are not always in order. */
    private void advance(long nanos) throws InterruptedException {
        now = Math.max(now, nanos);
        if (now - swept >= SWEEP_NANOS) {
            swept = now;
            for (Map.Entry<CallKey, TracedCall> entry : List.copyOf(calls.entrySet())) {
                if (entry.getValue().isOver(now)) {
                    close(entry.getKey(), entry.getValue(), "no more messages came");
                }
            }
        }
        server.setTime(now);
    }

    private void giveUpIdlest() throws InterruptedException {
        Map.Entry<CallKey, TracedCall> idlest = calls.entrySet().stream()
                .filter(entry -> entry.getValue().hasEnded())
                .findFirst()
                .orElseGet(() -> calls.entrySet().iterator().next());
        close(
                idlest.getKey(),
                idlest.getValue(),
                "there were more than " + maxCalls + " calls at once, or too many messages of them");
    }

    private void close(CallKey key, TracedCall call, String whyGivenUp) throws InterruptedException {
        List<String> commands = List.of();
        if (!call.hasEnded()) {
            call.giveUp(whyGivenUp);
            totals.callsGivenUp++;
            commands = server.end(key).commands();
        }
        calls.remove(key);
        weight -= call.weight();
        finished.accept(call.report(commands));
    }

    /** Reports all calls; those that have not ended stay open. */
    void finish() {
        calls.values().forEach(call -> finished.accept(call.report(List.of())));
        calls.clear();
    }
}
