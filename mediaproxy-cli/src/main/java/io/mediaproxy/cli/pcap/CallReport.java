package io.mediaproxy.cli.pcap;

import java.util.List;

/**
 * A call of the capture; {@code --json} writes it with these names in snake_case.
 *
 * @param call its number, in the order in which calls began
 * @param seconds from its first message to its last
 * @param end how it ended, or that it did not
 * @param messagesOmitted number of later messages, which were followed and are not in the list
 * @param commandsAtEnd sent to the dispatcher when the call was given up
 */
record CallReport(
        long call,
        String callId,
        String from,
        String to,
        String began,
        double seconds,
        String end,
        List<MessageReport> messages,
        long messagesOmitted,
        List<String> commandsAtEnd) {}
