package io.mediaproxy.chaos;

import io.mediaproxy.embedded.report.ReceivedCommand;
import io.mediaproxy.session.MediaProxyResult;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Counts the outcomes of all calls, and keeps every promise that was broken. Thread-safe. */
final class Evidence {
    private static final long PATIENCE_SECONDS = 30;

    /** One call, as far as the promises need it. */
    static final class Trace {
        /** Whether the SDK follows the call, and does not only rewrite single messages. */
        private final boolean followed;

        private final Set<String> relays = ConcurrentHashMap.newKeySet();
        private volatile boolean ending;
        private final Queue<String> events = new ConcurrentLinkedQueue<>();

        Trace(boolean followed) {
            this.followed = followed;
        }
    }

    final List<String> broken = new CopyOnWriteArrayList<>();
    final AtomicLong futures = new AtomicLong();
    final AtomicLong exchanges = new AtomicLong();
    final AtomicLong relayedExchanges = new AtomicLong();
    /** Their offer has the relay and their answer has none, since the dispatcher failed in between. */
    final AtomicLong halfAnswered = new AtomicLong();

    private final Map<String, Trace> calls = new ConcurrentHashMap<>();

    void begin(String callId, boolean followed) {
        calls.put(callId, new Trace(followed));
    }

    private Trace trace(String callId) {
        Trace trace = calls.get(callId);
        if (trace == null) {
            throw new IllegalArgumentException("no call " + callId);
        }
        return trace;
    }

    /** The call is over from now on. */
    void ends(String callId) {
        trace(callId).ending = true;
    }

    /** Whether the SDK knows that a call has a session at a relay, and has to remove it whatever happens. */
    boolean knows(String callId, String relay) {
        Trace trace = calls.get(callId);
        return trace != null && trace.followed && trace.relays.contains(relay);
    }

    /** Returns what happened to a call, in order. */
    String history(String callId) {
        return callId + ": " + String.join(", ", trace(callId).events);
    }

    /** A command that the dispatcher executes. */
    void command(ReceivedCommand command) {
        Trace trace = calls.get(command.callId());
        if (trace != null) {
            trace.events.add(shortForm(command));
        }
        if (trace == null) {
            broken.add("a command for an unknown call: " + command.text());
        } else if (command.name().equals("remove") && !trace.relays.isEmpty() && !trace.ending) {
            broken.add("a remove for the live call " + history(command.callId()));
        }
    }

    private static String shortForm(ReceivedCommand command) {
        return "["
                + command.text()
                        .strip()
                        .replaceAll("(?s)\r\n(?!type|cseq|media_relay|to_tag)[^\r]*", "")
                        .replace("\r\n", " ")
                + "]";
    }

    /** Waits for a result that must come once and never as an exception; returns whether it has a relay. */
    boolean isRelayed(String callId, CompletableFuture<MediaProxyResult> future) throws InterruptedException {
        futures.incrementAndGet();
        AtomicInteger completions = new AtomicInteger();
        try {
            MediaProxyResult result = future.whenComplete((value, thrown) -> completions.incrementAndGet())
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (completions.get() != 1) {
                broken.add("a future of call " + callId + " completed " + completions + " times");
            }
            trace(callId)
                    .events
                    .add(result.outcome() + " "
                            + result.relay().map(Object::toString).orElseGet(result::reason));
            boolean relayed = result.relay().isPresent();
            result.relay().ifPresent(relay -> trace(callId).relays.add(relay.address()));
            return relayed;
        } catch (ExecutionException | TimeoutException e) {
            broken.add("a future of call " + callId + ": " + e);
            return false;
        }
    }

    /**
     * Judges an exchange: its answer may have a relay only if every copy of its offer has it, since the callee may have
     * seen any of them.
     */
    void exchange(String call, boolean everyOfferRelayed, boolean anyOfferRelayed, boolean answerRelayed) {
        exchanges.incrementAndGet();
        if (answerRelayed && !everyOfferRelayed) {
            broken.add("half-relayed: the offer of " + call + " went on without a relay, its answer has one");
        } else if (answerRelayed) {
            relayedExchanges.incrementAndGet();
        } else if (anyOfferRelayed) {
            halfAnswered.incrementAndGet();
        }
    }

    @Override
    public String toString() {
        return futures + " futures, " + exchanges + " exchanges, of which " + relayedExchanges + " relayed and "
                + halfAnswered + " with an answer that the dispatcher failed to relay";
    }
}
