package io.mediaproxy.cli.pcap;

import io.mediaproxy.cli.pcap.TrialServer.Told;
import io.mediaproxy.protocol.DispatcherErrorException;
import io.mediaproxy.sdp.RelayEndpoints;
import io.mediaproxy.sdp.SdpEdits;
import io.mediaproxy.session.MediaProxyResult;
import io.mediaproxy.session.Outcome;
import io.mediaproxy.session.sip.RawSipMessage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The calls of the capture that are under way: gives each message to MediaProxy as a SIP server would, once, and each call that is
 * over to whoever shows it. Not safe for use by more than one thread.
 *
 * <p>A capture may have a message several times. What comes again with the same body gets the same relay. What comes on another hop
 * with another body has been changed between the two, perhaps by a relay of its own: MediaProxy has its place at one of the hops,
 * and here that is the one that was seen first.
 *
 * <p>Bounded: beyond the limit of calls, or of what is kept to be shown, the idlest call is given up, one that has ended first.
 */
final class CallBook {
    private static final long MAX_WEIGHT = 32L * 1024 * 1024;
    private static final Pattern TAG = Pattern.compile(";\\s*tag\\s*=\\s*[^\\s;]", Pattern.CASE_INSENSITIVE);
    private static final long SWEEP_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final TrialServer server;
    private final int maxCalls;
    private final Consumer<CallReport> finished;
    /** The idlest first. */
    private final Map<String, TracedCall> calls = new LinkedHashMap<>(16, 0.75f, true);

    private long now;
    private long swept;
    private long weight;
    private long begun;
    private long outside;
    private long givenUp;
    private long rewritten;
    private long failed;

    /** @param finished gets each call when it is over; it must not call back */
    CallBook(TrialServer server, int maxCalls, Consumer<CallReport> finished) {
        this.server = server;
        this.maxCalls = maxCalls;
        this.finished = finished;
    }

    /** The new body of the message; null: it stays as it is. */
    byte @Nullable [] take(CapturedMessage message) throws InterruptedException {
        advance(message.nanos());
        RawSipMessage sip = message.sip();
        String callId = sip.header("Call-ID");
        if (callId == null) {
            outside++;
            return null;
        }
        TracedCall call = calls.get(callId);
        boolean begins = begins(sip);
        if (call == null && !begins) {
            outside++;
            return null;
        }
        if (call == null) {
            call = new TracedCall(++begun, callId, sip, message.nanos());
            calls.put(callId, call);
        }
        weight -= call.weight();
        byte[] body = take(call, message, begins);
        weight += call.weight();
        while (calls.size() > maxCalls || weight > MAX_WEIGHT) {
            giveUpIdlest();
        }
        return body;
    }

    private static boolean begins(RawSipMessage sip) {
        return sip.isRequest()
                && sip.method().equals("INVITE")
                && hasTag(sip.header("From"))
                && !hasTag(sip.header("To"));
    }

    private static boolean hasTag(@Nullable String header) {
        return header != null
                && TAG.matcher(header.substring(header.lastIndexOf('>') + 1)).find();
    }

    private byte @Nullable [] take(TracedCall call, CapturedMessage message, boolean begins)
            throws InterruptedException {
        TracedCall.Sighting before = call.seen(message);
        boolean sameBody = before != null && before.body() == TracedCall.body(message.sip());
        if (before != null && !sameBody && isOtherHop(before, message)) {
            call.heard(message, server.isEngaged(call.callId()));
            call.add(changedOnTheWay(call, message, before));
            return null;
        }
        // What has ended is not begun anew by a message that was seen before.
        boolean engages = begins && !server.isEngaged(call.callId()) && before == null;
        Told told = engages ? server.engage(message.sip()) : server.follow(message.sip());
        call.heard(message, server.isEngaged(call.callId()));
        call.add(report(call, message, sameBody ? before : null, told));
        MediaProxyResult result = told.result();
        rewritten += result.body().isPresent() ? 1 : 0;
        failed += result.outcome() == Outcome.FAILED ? 1 : 0;
        return result.body().orElse(null);
    }

    private static boolean isOtherHop(TracedCall.Sighting before, CapturedMessage message) {
        return !before.source().equals(message.source())
                || !before.destination().equals(message.destination());
    }

    private static MessageReport report(
            TracedCall call, CapturedMessage message, TracedCall.@Nullable Sighting before, Told told) {
        MediaProxyResult result = told.result();
        return new MessageReport(
                message.packet(),
                MessageReport.time(message.nanos()),
                call.secondsAt(message.nanos()),
                message.source().toString(),
                message.destination().toString(),
                message.label(),
                message.sip().bodyLength() > 0 && result.outcome() != Outcome.NO_SDP,
                before == null ? null : before.packet(),
                result.outcome(),
                reason(result),
                result.relay().map(RelayEndpoints::toString).orElse(null),
                told.commands(),
                result.edits().map(SdpEdits::explain).orElse(List.of()),
                result.unrelayedStreams());
    }

    /** An error of the dispatcher is told with its socket and times, which are others in each run. */
    private static String reason(MediaProxyResult result) {
        return result.failure()
                        .filter(DispatcherErrorException.class::isInstance)
                        .isPresent()
                ? "the dispatcher answered error: the relay cannot take these media, or has no port left"
                : result.reason();
    }

    private static MessageReport changedOnTheWay(TracedCall call, CapturedMessage message, TracedCall.Sighting before) {
        return new MessageReport(
                message.packet(),
                MessageReport.time(message.nanos()),
                call.secondsAt(message.nanos()),
                message.source().toString(),
                message.destination().toString(),
                message.label(),
                message.sip().bodyLength() > 0,
                before.packet(),
                null,
                "it was seen in packet " + before.packet() + " and changed on its way here",
                null,
                List.of(),
                List.of(),
                List.of());
    }

    /** Time goes on to that of a packet, and never back, as packets do not always stand in their order. */
    private void advance(long nanos) throws InterruptedException {
        now = Math.max(now, nanos);
        if (now - swept >= SWEEP_NANOS) {
            swept = now;
            for (TracedCall call : List.copyOf(calls.values())) {
                if (call.isOver(now)) {
                    close(call, "nothing more was heard of it");
                }
            }
        }
        server.setTime(now);
    }

    private void giveUpIdlest() throws InterruptedException {
        TracedCall idlest = null;
        for (TracedCall call : calls.values()) {
            if (idlest == null) {
                idlest = call;
            }
            if (call.hasEnded()) {
                idlest = call;
                break;
            }
        }
        if (idlest != null) {
            close(idlest, "more than " + maxCalls + " calls, or too much of them, would have been kept");
        }
    }

    private void close(TracedCall call, String whyGivenUp) throws InterruptedException {
        List<String> commands = List.of();
        if (!call.hasEnded()) {
            call.gaveUp(whyGivenUp);
            givenUp++;
            commands = server.end(call.callId()).commands();
        }
        forget(call, commands);
    }

    private void forget(TracedCall call, List<String> commandsAtEnd) {
        calls.remove(call.callId());
        weight -= call.weight();
        finished.accept(call.report(commandsAtEnd));
    }

    /** The capture ends here; calls that have not ended stay open. */
    void finish() {
        List.copyOf(calls.values()).forEach(call -> forget(call, List.of()));
    }

    long begun() {
        return begun;
    }

    long outside() {
        return outside;
    }

    long givenUp() {
        return givenUp;
    }

    long rewritten() {
        return rewritten;
    }

    long failed() {
        return failed;
    }
}
