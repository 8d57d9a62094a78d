package io.mediaproxy.benchmarks.sip;

/**
 * Calls of one step of an overload, counted a second after its end.
 *
 * @param held the rate that the contestant holds
 * @param counts of the caller
 */
record Goodput(Overload.Step step, int held, Counts counts) {
    private static final double PERCENT = 100;

    /** Returns the calls per second that began. */
    double offered() {
        return perSecond(counts.created());
    }

    /** Returns the calls per second that completed with a relay. */
    double relayed() {
        return perSecond(counts.relayed());
    }

    /** Returns the calls per second that a 503 ended. */
    double refused() {
        return perSecond(counts.refused());
    }

    /** Returns the calls that completed with a relay as a percentage of those that the rate held would have. */
    double percentOfHeld() {
        return PERCENT * relayed() / held;
    }

    private double perSecond(long calls) {
        return (double) calls / step.seconds();
    }

    @Override
    public String toString() {
        return step.name() + ", " + Math.round(offered()) + " calls/s offered: " + Math.round(relayed())
                + "/s completed with a relay, " + Math.round(percentOfHeld()) + " % of the rate held, "
                + Math.round(refused()) + "/s refused";
    }
}
