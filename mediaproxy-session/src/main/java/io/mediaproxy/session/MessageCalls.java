package io.mediaproxy.session;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Names the sessions of calls that are relayed by single messages. The dispatcher knows a session by its
 * {@code call_id} alone, and two calls may have one Call-ID. The first one has the plain Call-ID, each other one the
 * Call-ID with its caller's tag.
 *
 * <p>Bounded: of more than {@value SessionLedger#MAX_CALLS} Call-IDs the one that was idle for the longest time is
 * dropped, and of more than {@value #MAX_CALLERS} calls with one Call-ID the others have the plain one. Thread-safe.
 */
final class MessageCalls {
    static final int MAX_CALLERS = 16;

    private final Map<String, List<String>> callersByCallId = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, List<String>> eldest) {
            return size() > SessionLedger.MAX_CALLS;
        }
    };

    /** Returns the {@code call_id} of the session of a second call with one Call-ID. */
    static String nameOfAnother(String callId, String callerTag) {
        return callId + ";from-tag=" + callerTag;
    }

    /** Notes that this caller began a call with this Call-ID. */
    synchronized void begin(String callId, String callerTag) {
        List<String> callers = callersByCallId.getOrDefault(callId, List.of());
        if (!callers.contains(callerTag) && callers.size() < MAX_CALLERS) {
            List<String> more = new ArrayList<>(callers);
            more.add(callerTag);
            callersByCallId.put(callId, List.copyOf(more));
        }
    }

    /** Returns the {@code call_id} for a message with these tags, of which one is the caller's. */
    synchronized String name(String callId, String fromTag, String toTag) {
        List<String> callers = callersByCallId.getOrDefault(callId, List.of());
        for (String callerTag : callers.subList(Math.min(1, callers.size()), callers.size())) {
            if (callerTag.equals(fromTag) || callerTag.equals(toTag)) {
                return nameOfAnother(callId, callerTag);
            }
        }
        return callId;
    }

    /** Whether the plain Call-ID belongs to a call of another caller. */
    synchronized boolean isOfAnother(String callId, String callerTag) {
        List<String> callers = callersByCallId.getOrDefault(callId, List.of());
        return !callers.isEmpty() && !callers.get(0).equals(callerTag);
    }
}
