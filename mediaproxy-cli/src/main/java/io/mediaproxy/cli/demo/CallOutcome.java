package io.mediaproxy.cli.demo;

import java.util.List;

/**
 * The result of the call at the phones.
 *
 * @param answered whether the callee answered
 * @param ended the end of the call, for people: {@code BYE answered} or the refusal's status and reason
 * @param caller the caller's audio
 * @param callee the callee's audio
 * @param messages the SIP messages that passed the proxy
 */
record CallOutcome(
        boolean answered, String ended, AudioStatistics caller, AudioStatistics callee, List<LadderStep> messages) {
    CallOutcome {
        messages = List.copyOf(messages);
    }
}
