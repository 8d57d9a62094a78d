package io.mediaproxy.embedded.report;

/**
 * A command of a client as it came.
 *
 * @param name {@code update}, {@code remove}, or any other first line of a request
 * @param callId Call-ID; empty if the command has none
 * @param text the whole request, with its line ends and the empty line at its end
 */
public record ReceivedCommand(String name, String callId, String text) {}
