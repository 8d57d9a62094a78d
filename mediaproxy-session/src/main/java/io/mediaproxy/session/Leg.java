package io.mediaproxy.session;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One leg of an engaged call: an INVITE, and the dialogs that the responses to it show, one for each callee of a fork.
 * A dialog is a Call-ID and two tags (RFC 3261 12). Not thread-safe.
 *
 * <p>Of more than {@value #MAX_DIALOGS} dialogs the one is dropped that was silent for the longest time.
 */
final class Leg {
    static final int MAX_DIALOGS = 16;

    /** The dispatcher takes no longer tag (bytes); of a longer one this many characters count. */
    private static final int MAX_TAG = 256;

    private enum State {
        /** Its callee has not answered. */
        EARLY,
        /** It ended with a refusal, and the INVITE may be repeated with credentials. */
        REFUSED,
        ANSWERED,
        ENDED
    }

    private record Dialog(String calleeTag, State state) {}

    private final CallKey key;
    /** The one that was heard of last is at the end. */
    private List<Dialog> dialogs = List.of();

    /** @param key Call-ID and From tag of the INVITE */
    Leg(CallKey key) {
        this.key = key;
    }

    CallKey key() {
        return key;
    }

    /**
     * Whether a message with this Call-ID belongs here. The response to the INVITE may show another callee. Every other
     * message has two tags of one dialog. Where no dialog was seen, as on a leg whose responses the server sends
     * itself, the first message shows one.
     */
    boolean owns(boolean responseToInvite, String fromTag, String toTag) {
        if (fromTag.equals(key.fromTag())) {
            return toTag.isEmpty() || responseToInvite || isSeen(toTag);
        }
        return toTag.equals(key.fromTag()) && isSeen(fromTag);
    }

    private boolean isSeen(String tag) {
        return dialogs.isEmpty() || find(tag) != null;
    }

    /** Returns the tag of the callee in a message of this leg; empty if it has none. */
    String calleeTag(CallFields fields) {
        String fromTag = fields.from().tag();
        return fromTag.equals(key.fromTag()) ? fields.to().tag() : fromTag;
    }

    /** Notes the dialog of a message. */
    void see(String calleeTag) {
        if (!calleeTag.isEmpty()) {
            Dialog known = find(calleeTag);
            put(known == null ? new Dialog(bounded(calleeTag), State.EARLY) : known);
        }
    }

    /** Notes that a callee answered, unless his dialog has ended. */
    void answer(String calleeTag) {
        Dialog known = find(calleeTag);
        if (known != null && known.state() != State.ENDED) {
            put(new Dialog(known.calleeTag(), State.ANSWERED));
        }
    }

    /** Notes that a callee refused, unless it was a later INVITE. */
    void refuse(String calleeTag) {
        Dialog known = find(calleeTag);
        if (known != null && known.state() == State.EARLY) {
            put(new Dialog(known.calleeTag(), State.REFUSED));
        }
    }

    void end(String calleeTag) {
        Dialog known = find(calleeTag);
        if (known != null) {
            put(new Dialog(known.calleeTag(), State.ENDED));
        }
    }

    boolean isAnswered(String calleeTag) {
        return is(calleeTag, State.ANSWERED);
    }

    boolean hasEnded(String calleeTag) {
        return is(calleeTag, State.ENDED);
    }

    private boolean is(String calleeTag, State state) {
        Dialog known = find(calleeTag);
        return known != null && known.state() == state;
    }

    boolean hasAnswered() {
        return dialogs.stream().anyMatch(dialog -> dialog.state() == State.ANSWERED);
    }

    /** Whether a callee may still answer, or has answered. */
    boolean isOpen() {
        return dialogs.stream().anyMatch(dialog -> dialog.state() == State.EARLY || dialog.state() == State.ANSWERED);
    }

    /** Returns the tags of the callees that answered, the one that was heard of last at the end. */
    List<String> answered() {
        return dialogs.stream()
                .filter(dialog -> dialog.state() == State.ANSWERED)
                .map(Dialog::calleeTag)
                .toList();
    }

    private @Nullable Dialog find(String calleeTag) {
        String tag = bounded(calleeTag);
        for (Dialog dialog : dialogs) {
            if (dialog.calleeTag().equals(tag)) {
                return dialog;
            }
        }
        return null;
    }

    /** Puts a dialog at the end, in place of the one with its tag. */
    private void put(Dialog dialog) {
        if (!dialogs.isEmpty() && dialogs.get(dialogs.size() - 1).equals(dialog)) {
            return;
        }
        List<Dialog> changed = new ArrayList<>(dialogs);
        changed.removeIf(other -> other.calleeTag().equals(dialog.calleeTag()));
        if (changed.size() == MAX_DIALOGS) {
            changed.remove(0);
        }
        changed.add(dialog);
        dialogs = List.copyOf(changed);
    }

    private static String bounded(String tag) {
        return tag.length() <= MAX_TAG ? tag : tag.substring(0, MAX_TAG);
    }
}
