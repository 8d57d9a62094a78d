package io.mediaproxy.session;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The legs of an engaged call: the first, and those that B2BUAs in its path opened, the server itself or others. Not
 * thread-safe.
 */
final class Legs {
    static final int MAX_JOINED = 8;

    private final Leg first;
    private List<Leg> joined = List.of();

    Legs(CallKey first) {
        this.first = new Leg(first);
    }

    /** Returns the leg that the call began with. */
    Leg first() {
        return first;
    }

    boolean areJoined() {
        return !joined.isEmpty();
    }

    /** Adds a leg. Returns false if there are too many. */
    boolean join(CallKey leg) {
        if (joined.size() == MAX_JOINED) {
            return false;
        }
        List<Leg> more = new ArrayList<>(joined);
        more.add(new Leg(leg));
        joined = List.copyOf(more);
        return true;
    }

    List<CallKey> keys() {
        return Stream.concat(Stream.of(first), joined.stream()).map(Leg::key).toList();
    }

    /** Returns the joined leg with this key, or else the first leg. */
    Leg leg(CallKey key) {
        for (Leg leg : joined) {
            if (leg.key().equals(key)) {
                return leg;
            }
        }
        return first;
    }

    /** Returns the joined leg that a message belongs to, or else the first leg. */
    Leg leg(CallFields fields) {
        String callId = fields.callId();
        for (Leg leg : joined) {
            CallKey key = leg.key();
            if (key.callId().equals(callId)
                    && (key.fromTag().equals(fields.from().tag())
                            || key.fromTag().equals(fields.to().tag()))) {
                return leg;
            }
        }
        return first;
    }

    boolean haveAnswered() {
        return first.hasAnswered() || joined.stream().anyMatch(Leg::hasAnswered);
    }
}
