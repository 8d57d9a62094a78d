package io.mediaproxy.session;

import java.util.ArrayList;
import java.util.List;

/**
 * The dialogs of one call in which the callee answered and that did not end yet. A fork may have several. Not
 * thread-safe.
 */
final class AnsweredDialogs {
    private static final int MAX_DIALOGS = 8;

    /** The dispatcher takes no longer tag (bytes), so that a callee with a longer one has no session to keep. */
    private static final int MAX_TAG = 256;

    private record Dialog(String callId, String calleeTag) {}

    private List<Dialog> dialogs = List.of();
    /** The callee's tag in a BYE that came before the answer. */
    private String endedEarly = "";

    /** Adds a dialog whose callee answered, unless it ended before. */
    void add(String callId, String calleeTag) {
        Dialog dialog = new Dialog(callId, calleeTag);
        if (!calleeTag.isEmpty()
                && calleeTag.length() <= MAX_TAG
                && !calleeTag.equals(endedEarly)
                && !dialogs.contains(dialog)
                && dialogs.size() < MAX_DIALOGS) {
            List<Dialog> more = new ArrayList<>(dialogs);
            more.add(dialog);
            dialogs = List.copyOf(more);
        }
    }

    /** Notes a dialog that ended before its callee answered. */
    void endEarly(String calleeTag) {
        endedEarly = calleeTag.length() > MAX_TAG ? "" : calleeTag;
    }

    /** Whether the only dialogs of the call ended before their callees answered. */
    boolean allEndedEarly() {
        return dialogs.isEmpty() && !endedEarly.isEmpty();
    }

    /**
     * Removes a dialog that ended.
     *
     * @return whether the call has ended with it: it was the last one, or a Call-ID without dialogs. A branch that lost
     *     while others of its Call-ID are up does not count
     */
    boolean remove(String callId, String oneTag, String otherTag) {
        List<Dialog> left = new ArrayList<>(dialogs);
        boolean known = left.removeAll(List.of(new Dialog(callId, oneTag), new Dialog(callId, otherTag)));
        if (!known) {
            return dialogs.stream().noneMatch(dialog -> dialog.callId().equals(callId));
        }
        dialogs = List.copyOf(left);
        return left.isEmpty();
    }
}
