package io.mediaproxy.cli.pcap;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The INVITE transactions of the sender that a call begins with: one for a phone, one for each branch of a proxy that
 * forks, tries the next target or retries with credentials. Not thread-safe.
 *
 * <pre>
 * INVITE, new branch   1xx          CANCEL        3xx to 6xx
 * ───────────────────► CALLING ───► PROCEEDING ──► CANCELLED ──► REFUSED    (from each state to each later one)
 * </pre>
 *
 * <p>A refusal or CANCEL with another branch belongs to a later hop, whose proxy may try another target. The call ends
 * when the last branch of this sender is refused.
 */
final class InviteBranches {
    private static final int MAX_BRANCHES = 64;
    /** Timer B, 64*T1: a transaction without any response ends then (RFC 3261 17.1.1.2). */
    private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(32);

    private enum State {
        CALLING,
        PROCEEDING,
        CANCELLED,
        REFUSED
    }

    private record Branch(long since, State state) {
        Branch atLeast(State other) {
            return other.compareTo(state) > 0 ? new Branch(since, other) : this;
        }

        boolean isBefore(State other, long now) {
            boolean timedOut = state == State.CALLING && now - since > TIMEOUT_NANOS;
            return state.compareTo(other) < 0 && !timedOut;
        }
    }

    private final Map<String, Branch> byTransaction = new HashMap<>();
    private @Nullable Endpoint sender;
    private String cseq = "";

    boolean isSender(Endpoint source) {
        return source.equals(sender);
    }

    boolean knows(CapturedMessage message) {
        return byTransaction.containsKey(message.transaction());
    }

    /** Adds a branch. An INVITE with another CSeq, which has credentials, replaces all before it. */
    void open(CapturedMessage invite) {
        if (!invite.header("CSeq").equals(cseq)) {
            byTransaction.replaceAll((transaction, branch) -> branch.atLeast(State.REFUSED));
        }
        cseq = invite.header("CSeq");
        sender = invite.source();
        if (byTransaction.size() < MAX_BRANCHES) {
            byTransaction.put(invite.transaction(), new Branch(invite.nanos(), State.CALLING));
        }
    }

    void proceed(CapturedMessage response) {
        advance(response, State.PROCEEDING);
    }

    /**
     * Takes a CANCEL.
     *
     * @return why the call is not cancelled; null if it is
     */
    @Nullable String cancel(CapturedMessage cancel) {
        return advance(cancel, State.CANCELLED);
    }

    /**
     * Takes a final response that is no success.
     *
     * @return why it does not end the call; null if it does
     */
    @Nullable String refuse(CapturedMessage response) {
        return advance(response, State.REFUSED);
    }

    private @Nullable String advance(CapturedMessage message, State state) {
        Branch changed =
                byTransaction.computeIfPresent(message.transaction(), (transaction, branch) -> branch.atLeast(state));
        if (changed == null) {
            return message.sip().isRequest()
                    ? "it ends one branch and does not come from the sender of the INVITE"
                    : "it ends one branch and does not reach the sender of the INVITE";
        }
        return isAnyBefore(state, message.nanos())
                ? "it ends one branch, and the sender of the INVITE has others open"
                : null;
    }

    private boolean isAnyBefore(State state, long now) {
        return byTransaction.values().stream().anyMatch(branch -> branch.isBefore(state, now));
    }

    /** Whether each branch is cancelled or refused. */
    boolean areCancelled(long now) {
        return !isAnyBefore(State.CANCELLED, now);
    }
}
