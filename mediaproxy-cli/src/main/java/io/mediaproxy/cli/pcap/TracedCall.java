package io.mediaproxy.cli.pcap;

import io.mediaproxy.session.CallKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One call of the capture: its state, and the messages that will be shown. Not thread-safe. */
final class TracedCall {
    /** Shown messages of one call; later ones are followed and counted only. */
    static final int MAX_MESSAGES = 100;

    private static final int MAX_KNOWN = 200;
    private static final int MAX_HEADER = 200;
    private static final String OPEN = "still open where the capture ends";

    private enum State {
        /** As long as the session layer waits for such calls. */
        EARLY(TimeUnit.MINUTES.toNanos(5)),
        /** Less than the 32 s of the session layer, whose timers do not follow the time of the packets. */
        CANCELLED(TimeUnit.SECONDS.toNanos(30)),
        /** As long as the session layer waits for such calls. */
        ANSWERED(TimeUnit.HOURS.toNanos(12)),
        /** 64*T1, for the last messages of a call, and for an INVITE with credentials after a refusal. */
        ENDED(TimeUnit.SECONDS.toNanos(32));

        private final long patience;

        State(long patience) {
            this.patience = patience;
        }
    }

    /** Equal for the same message on each hop, and for its retransmissions. */
    private record Identity(int status, String cseq, String from, String to) {}

    /** Where a message was seen first. */
    record Sighting(long packet, Endpoint source, Endpoint destination, long bodyChecksum) {
        boolean hasBodyOf(CapturedMessage message) {
            return bodyChecksum == message.bodyChecksum();
        }

        boolean isHopOf(CapturedMessage message) {
            return source.equals(message.source()) && destination.equals(message.destination());
        }
    }

    private final long number;
    private final CallKey key;
    private final String from;
    private final String to;
    private final long began;
    private final InviteBranches branches = new InviteBranches();
    private final Map<Identity, Sighting> known = new HashMap<>();
    private final List<MessageReport> messages = new ArrayList<>();
    private State state = State.EARLY;
    private String end = OPEN;
    private long last;
    private long endedAt;
    private long omitted;
    private long weight;

    TracedCall(long number, CallKey key, CapturedMessage invite) {
        this.number = number;
        this.key = key;
        this.from = shortened(invite.header("From"));
        this.to = shortened(invite.header("To"));
        this.began = invite.nanos();
        this.last = began;
    }

    private static String shortened(String value) {
        return value.length() <= MAX_HEADER ? value : value.substring(0, MAX_HEADER) + "...";
    }

    CallKey key() {
        return key;
    }

    /** Where the same message was seen before; null if it is new, and remembered from now on. */
    @Nullable Sighting seen(CapturedMessage message) {
        Identity identity = new Identity(
                message.sip().statusCode(),
                shortened(message.header("CSeq")),
                shortened(message.header("From")),
                shortened(message.header("To")));
        Sighting before = known.get(identity);
        if (before == null && known.size() < MAX_KNOWN) {
            weight += identity.cseq().length()
                    + identity.from().length()
                    + identity.to().length();
            known.put(
                    identity,
                    new Sighting(message.packet(), message.source(), message.destination(), message.bodyChecksum()));
        }
        return before;
    }

    /** Why a server at the place of MediaProxy would not see the message; null if it would. */
    @Nullable String whyElsewhere(CapturedMessage message, @Nullable Sighting before, boolean engaged) {
        if (message.isRequest("CANCEL")) {
            return branches.cancel(message);
        }
        if (message.isResponse("INVITE") && state != State.ANSWERED) {
            if (message.isRefusal()) {
                return branches.refuse(message);
            }
            branches.proceed(message);
        }
        if (message.beginsCall() && engaged && before == null && !branches.isSender(message.source())) {
            return "a server on the way sent the INVITE again, with another CSeq";
        }
        return before == null || before.hasBodyOf(message) || before.isHopOf(message)
                ? null
                : "it was seen in packet " + before.packet() + " and changed on its way here";
    }

    /**
     * Whether it is the first INVITE, or one of a new transaction of its sender: with credentials or on another branch.
     */
    boolean opens(CapturedMessage message, @Nullable Sighting before) {
        boolean opens = message.beginsCall()
                && !branches.knows(message)
                && (before == null || branches.isSender(message.source()));
        if (opens) {
            branches.open(message);
        }
        return opens;
    }

    /** Updates the state, which decides how long the next message is waited for. */
    void heard(CapturedMessage message, boolean engaged) {
        last = Math.max(last, message.nanos());
        if (!engaged && state != State.ENDED) {
            state = State.ENDED;
            endedAt = last;
            end = messages.isEmpty()
                    ? "never followed, its INVITE shows why"
                    : "ended by " + message.label() + " in packet " + message.packet();
        } else if (engaged && state == State.ENDED) {
            state = State.EARLY;
            end = OPEN;
        } else if (state == State.EARLY && isCancelledBy(message)) {
            state = State.CANCELLED;
        } else if (engaged
                && message.isResponse("INVITE")
                && message.sip().statusCode() >= 200
                && !message.isRefusal()) {
            state = State.ANSWERED;
        }
    }

    private boolean isCancelledBy(CapturedMessage message) {
        return message.isRequest("BYE") || (message.isRequest("CANCEL") && branches.areCancelled(message.nanos()));
    }

    boolean hasEnded() {
        return state == State.ENDED;
    }

    void giveUp(String why) {
        end = "given up: " + why;
    }

    /** Whether no more messages are expected. */
    boolean isOver(long nanos) {
        return nanos - (hasEnded() ? endedAt : last) > state.patience;
    }

    void add(MessageReport message) {
        if (messages.size() == MAX_MESSAGES) {
            omitted++;
        } else {
            messages.add(message);
            weight += message.weight();
        }
    }

    /** About how many characters it holds. */
    long weight() {
        return weight;
    }

    double secondsAt(long nanos) {
        return Math.round((nanos - began) / 1e3) / 1e6;
    }

    CallReport report(List<String> commandsAtEnd) {
        return new CallReport(
                number,
                key.callId(),
                from,
                to,
                MessageReport.time(began),
                secondsAt(last),
                end,
                List.copyOf(messages),
                omitted,
                commandsAtEnd);
    }
}
