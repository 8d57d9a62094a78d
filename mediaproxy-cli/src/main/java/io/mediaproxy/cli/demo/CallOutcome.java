package io.mediaproxy.cli.demo;

import java.util.List;

/**
 * How the call went, from the phones' side.
 *
 * @param answered whether the callee answered
 * @param ended how it ended, for people: {@code BYE answered} or the refusal's status and reason
 * @param caller what the caller sent and heard
 * @param callee what the callee sent and heard
 * @param messages the SIP messages that passed the proxy
 */
record CallOutcome(
        boolean answered, String ended, AudioStatistics caller, AudioStatistics callee, List<LadderStep> messages) {
    CallOutcome {
        messages = List.copyOf(messages);
    }
}
