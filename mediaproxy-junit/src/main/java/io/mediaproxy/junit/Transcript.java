package io.mediaproxy.junit;

import io.mediaproxy.embedded.report.ReceivedCommand;
import io.mediaproxy.embedded.report.SessionStatistics;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The commands that a dispatcher received during one test, and the sessions that ended. Thread-safe. */
final class Transcript {
    /** All of these are guarded by this. */
    private final List<ReceivedCommand> commands = new ArrayList<>();

    private final Deque<ReceivedCommand> untaken = new ArrayDeque<>();
    private final StringBuilder text = new StringBuilder();

    /** For each call: how many removes came since its last update, and whether it waits for one since a timeout. */
    private final Map<String, Integer> removes = new LinkedHashMap<>();

    private final Map<String, String> timedOut = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();

    synchronized void received(ReceivedCommand command) {
        commands.add(command);
        untaken.add(command);
        text.append(command.text().replace("\r\n", "\n"));
        if (command.name().equals("remove")) {
            timedOut.remove(command.callId());
            if (removes.merge(command.callId(), 1, Integer::sum) == 2) {
                problems.add("call " + command.callId() + " was removed twice");
            }
        } else {
            removes.remove(command.callId());
        }
        notifyAll();
    }

    synchronized void ended(SessionStatistics session) {
        text.append("(session of ").append(session.callId()).append(session.timedOut() ? " timed out" : " ended");
        text.append(")\n\n");
        if (session.timedOut() && session.dialogId() != null) {
            timedOut.put(session.callId(), "call " + session.callId() + " timed out, and no remove came");
        }
        notifyAll();
    }

    /** The next command in the order of arrival; null if none comes in time. */
    synchronized @Nullable ReceivedCommand take(Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (untaken.isEmpty()) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                return null;
            }
            wait(left);
        }
        return untaken.remove();
    }

    synchronized List<ReceivedCommand> commands() {
        return List.copyOf(commands);
    }

    /** Calls that were removed twice, or not at all after a media timeout. */
    synchronized List<String> problems() {
        List<String> all = new ArrayList<>(problems);
        all.addAll(timedOut.values());
        return all;
    }

    @Override
    public synchronized String toString() {
        return text.isEmpty() ? "no command came" : text.toString().stripTrailing();
    }
}
