package io.mediaproxy.sdp;

import java.util.Locale;

/**
 * The ICE candidate that a rewrite adds for the relay: the module's parameter {@code ice_candidate}. Thread-safe.
 *
 * <p>With a low priority, two ICE peers use the direct path if there is one, and else the relay. With a high priority
 * they always use the relay. Priorities are those of RFC 8839 5.1, which allows at most 2<sup>31</sup>-1.
 */
public enum IceCandidate {
    /** No candidate is added: ICE peers that reach each other leave the relay unused. */
    NONE("none", -1),
    /** The relay is the last choice. */
    LOW_PRIORITY("low-priority", 0x00FF_FFFF),
    /** The relay is the first choice. */
    HIGH_PRIORITY("high-priority", Integer.MAX_VALUE);

    private final String text;
    private final int priority;

    IceCandidate(String text, int priority) {
        this.text = text;
        this.priority = priority;
    }

    /**
     * Parses one of the module's words, in any case.
     *
     * @param text {@code none}, {@code low-priority} or {@code high-priority}
     * @return the candidate
     * @throws IllegalArgumentException for any other text
     */
    public static IceCandidate of(String text) {
        String wanted = text.toLowerCase(Locale.ROOT);
        for (IceCandidate candidate : values()) {
            if (candidate.text.equals(wanted)) {
                return candidate;
            }
        }
        throw new IllegalArgumentException(
                "ice_candidate is none, low-priority or high-priority, not \"" + text + "\"");
    }

    /** The priority of the RTP component's candidate; the RTCP component's is one less. */
    int priority() {
        return priority;
    }

    /** The module's own word. */
    @Override
    public String toString() {
        return text;
    }
}
