package io.mediaproxy.cli.pcap;

import io.mediaproxy.session.sip.RawSipMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** One call of the capture: what is known of it, and the messages that will be shown. */
final class TracedCall {
    /** What is shown of one call; later messages are followed, counted and not shown. */
    static final int MAX_MESSAGES = 100;

    private static final int MAX_KNOWN = 200;
    private static final int LONGEST_HEADER = 200;

    /** As long as the session layer waits for such calls. */
    private static final long EARLY = TimeUnit.MINUTES.toNanos(5);

    private static final long ANSWERED = TimeUnit.HOURS.toNanos(12);
    /** Less than its 32 s, as its timers do not go by the packets' time. */
    private static final long CANCELLED = TimeUnit.SECONDS.toNanos(30);
    /** For the last messages of a call that has ended, and for an INVITE with credentials behind a refusal (64*T1). */
    private static final long ENDED = TimeUnit.SECONDS.toNanos(32);

    private enum State {
        EARLY,
        CANCELLED,
        ANSWERED,
        ENDED
    }

    /** What makes a message the same on each hop, and when it is repeated. */
    private record Identity(boolean request, int status, String cseq, String from, String to) {
        static Identity of(RawSipMessage message) {
            return new Identity(
                    message.isRequest(),
                    message.statusCode(),
                    header(message, "CSeq"),
                    header(message, "From"),
                    header(message, "To"));
        }
    }

    /** Where a message was seen first. */
    record Sighting(long packet, Endpoint source, Endpoint destination, long body) {}

    private final long number;
    private final String callId;
    private final String from;
    private final String to;
    private final long began;
    private long last;
    private long endedAt;
    private String end = "still open where the capture ends";
    private State state = State.EARLY;
    private final Map<Identity, Sighting> known = new HashMap<>();
    private final List<MessageReport> messages = new ArrayList<>();
    private long omitted;
    private long weight;

    TracedCall(long number, String callId, RawSipMessage invite, long nanos) {
        this.number = number;
        this.callId = callId;
        this.from = header(invite, "From");
        this.to = header(invite, "To");
        this.began = nanos;
        this.last = nanos;
    }

    private static String header(RawSipMessage message, String name) {
        String value = message.header(name);
        if (value == null) {
            return "";
        }
        return value.length() <= LONGEST_HEADER ? value : value.substring(0, LONGEST_HEADER) + "...";
    }

    String callId() {
        return callId;
    }

    /** Where the same message was seen before; null: nowhere, and from now on this counts. */
    @Nullable Sighting seen(CapturedMessage message) {
        Identity identity = Identity.of(message.sip());
        Sighting before = known.get(identity);
        if (before == null && known.size() < MAX_KNOWN) {
            weight += identity.cseq().length()
                    + identity.from().length()
                    + identity.to().length();
            known.put(
                    identity,
                    new Sighting(message.packet(), message.source(), message.destination(), body(message.sip())));
        }
        return before;
    }

    static long body(RawSipMessage message) {
        CRC32C crc = new CRC32C();
        crc.update(message.bodyArray(), message.bodyOffset(), message.bodyLength());
        return crc.getValue() << Integer.SIZE | message.bodyLength();
    }

    /** What the message makes of the call, as far as it matters for how long the next one is waited for. */
    void heard(CapturedMessage message, boolean engaged) {
        RawSipMessage sip = message.sip();
        last = Math.max(last, message.nanos());
        if (!engaged && state != State.ENDED) {
            state = State.ENDED;
            endedAt = last;
            end = messages.isEmpty()
                    ? "never followed, its INVITE says why"
                    : "ended by " + message.label() + " in packet " + message.packet();
        } else if (engaged && state == State.ENDED) {
            state = State.EARLY; // with credentials
            end = "still open where the capture ends";
        } else if (state == State.EARLY && sip.isRequest() && isEnd(sip.method())) {
            state = State.CANCELLED;
        } else if (engaged && sip.method().equals("INVITE") && sip.statusCode() / 100 == 2) {
            state = State.ANSWERED;
        }
    }

    private static boolean isEnd(String method) {
        return method.equals("CANCEL") || method.equals("BYE");
    }

    boolean hasEnded() {
        return state == State.ENDED;
    }

    void gaveUp(String why) {
        end = "given up: " + why;
    }

    /** Whether nothing more is to be expected of it. */
    boolean isOver(long nanos) {
        return switch (state) {
            case EARLY -> nanos - last > EARLY;
            case CANCELLED -> nanos - last > CANCELLED;
            case ANSWERED -> nanos - last > ANSWERED;
            case ENDED -> nanos - endedAt > ENDED;
        };
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
        return seconds(nanos - began);
    }

    private static double seconds(long nanos) {
        return Math.round(nanos / 1e3) / 1e6;
    }

    CallReport report(List<String> commandsAtEnd) {
        return new CallReport(
                number,
                callId,
                from,
                to,
                MessageReport.time(began),
                seconds(last - began),
                end,
                List.copyOf(messages),
                omitted,
                commandsAtEnd);
    }
}
