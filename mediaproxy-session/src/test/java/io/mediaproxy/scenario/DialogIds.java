package io.mediaproxy.scenario;

import io.mediaproxy.scenario.Scenario.Line;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Checks the {@code dialog_id} of commands, which a ladder cannot predict: with a back channel each call has one, and
 * it never changes; without a back channel it is empty.
 */
final class DialogIds {
    private static final Pattern DIALOG_ID = Pattern.compile("(?m)^dialog_id: (.*)$");
    private static final Pattern CALL_ID = Pattern.compile("(?m)^call_id: (.*)$");

    private final Comparison comparison;
    private final boolean expected;
    private final Map<String, String> byCall = new HashMap<>();

    DialogIds(Comparison comparison, boolean expected) {
        this.comparison = comparison;
        this.expected = expected;
    }

    /** The command without its {@code dialog_id}, if that is right. */
    String checked(Line line, String command) {
        Matcher dialogId = DIALOG_ID.matcher(command);
        Matcher callId = CALL_ID.matcher(command);
        if (!expected || !dialogId.find() || !callId.find()) {
            return command;
        }
        String actual = dialogId.group(1);
        comparison.values(line, "whether the command has a dialog_id", true, !actual.isEmpty());
        String before = byCall.putIfAbsent(callId.group(1), actual);
        comparison.values(line, "the dialog_id of the call", before == null ? actual : before, actual);
        return dialogId.replaceFirst("dialog_id: ");
    }
}
