package io.mediaproxy.cli;

import io.mediaproxy.examples.sipp.Sipp;
import java.io.IOException;

/** The figures of one sipp that calls. */
record LoadFigures(
        int rate, double calls, double succeeded, double failed, double refused, double unrelayed, double sentAgain) {
    /** A rate is held if no call fails and at most this share of the calls had a message sent again. */
    private static final double SENT_AGAIN = 0.05;

    static LoadFigures of(Sipp caller, int rate) throws IOException {
        return new LoadFigures(
                rate,
                caller.figure("TotalCallCreated"),
                caller.figure("SuccessfulCall(C)"),
                caller.figure("FailedCall(C)"),
                caller.figure("refused(C)"),
                caller.figure("unrelayed(C)"),
                caller.figure("Retransmissions(C)"));
    }

    boolean isHeld() {
        return failed + refused + unrelayed == 0 && sentAgain <= SENT_AGAIN * calls;
    }

    /** Calls per second that were completed with a relay. */
    double goodput() {
        return (succeeded - refused - unrelayed) * rate / calls;
    }
}
