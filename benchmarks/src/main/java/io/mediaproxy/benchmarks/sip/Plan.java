package io.mediaproxy.benchmarks.sip;

import java.util.ArrayList;
import java.util.List;

/**
 * Durations and rates of a comparison.
 *
 * @param rounds number of rounds; each figure is their median
 * @param coldSeconds duration of the first calls
 * @param seconds duration of the calls at one rate
 * @param warmUp ends the warm-up
 * @param firstSearch the search of the first round
 * @param nextSearch the search of the other rounds, which begins at the rate held last
 */
record Plan(
        int rounds,
        int coldSeconds,
        int seconds,
        WarmUp warmUp,
        RateSearch firstSearch,
        RateSearch nextSearch,
        Overload overload) {
    static final int COLD_RATE = 300;
    /** The rate of the warm-up, and of the figures that are compared at one rate. */
    static final int COMMON_RATE = 1000;

    /** About 16 minutes. */
    static final Plan FULL = new Plan(
            3,
            10,
            5,
            new WarmUp(6),
            new RateSearch(2, 1.1, 1),
            new RateSearch(1.2, 1.1, 2),
            overload(List.of(0.5, 1.0, 1.5, 2.0, 3.0), 4, 5));

    /** About three minutes. */
    static final Plan QUICK = new Plan(
            1,
            5,
            2,
            new WarmUp(4),
            new RateSearch(2, 1.5, 1),
            new RateSearch(2, 1.5, 1),
            overload(List.of(1.0, 2.0), 2, 2));

    private static Overload overload(List<Double> loads, int seconds, int secondsAfter) {
        List<Overload.Step> steps = new ArrayList<>();
        for (double load : loads) {
            steps.add(new Overload.Step(load + " times the rate held", load, seconds, false));
        }
        for (String when : List.of("first", "next")) {
            String name = "completed with a relay in the " + when + " " + secondsAfter + " s";
            steps.add(new Overload.Step(name, 1, secondsAfter, true));
        }
        return new Overload(List.copyOf(steps));
    }
}
