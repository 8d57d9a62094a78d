package io.mediaproxy.benchmarks.sip;

import java.util.List;

/**
 * Numbers of one sipp process since its start. All counters are 0 before its first line of statistics.
 *
 * @param created calls that began
 * @param successful calls that reached the end of the scenario, refused ones included
 * @param failed calls with an unexpected or missing message
 * @param sentAgain messages that it sent again
 * @param relayed calls that completed and had a relay in both directions
 * @param refused calls that a 503 ended
 */
record Counts(long created, long successful, long failed, long sentAgain, long relayed, long refused) {
    static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0);

    /** Reads the latest complete line of sipp's statistics. */
    static Counts of(String csv) {
        List<String> lines =
                csv.lines().limit(csv.chars().filter(c -> c == '\n').count()).toList();
        if (lines.size() < 2) {
            return NONE;
        }
        List<String> names = List.of(lines.get(0).split(";", -1));
        String[] cells = lines.get(lines.size() - 1).split(";", -1);
        return new Counts(
                count(names, cells, "TotalCallCreated"),
                count(names, cells, "SuccessfulCall(C)"),
                count(names, cells, "FailedCall(C)"),
                count(names, cells, "Retransmissions(C)"),
                count(names, cells, "relayed(C)"),
                count(names, cells, "refused(C)"));
    }

    /** Only the caller's scenario has the last two counters. */
    private static long count(List<String> names, String[] cells, String name) {
        int column = names.indexOf(name);
        return column < 0 ? 0 : Long.parseLong(cells[column]);
    }

    /** Returns the calls that ended as they should. */
    long completed() {
        return successful - refused;
    }
}
