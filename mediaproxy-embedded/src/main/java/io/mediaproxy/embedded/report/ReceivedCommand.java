package io.mediaproxy.embedded.report;

/**
 * A command of a client, as it came.
 *
 * @param name {@code update}, {@code remove}, or whatever the client sent
 * @param callId empty when the command names none
 * @param text all of it, with its line ends and the empty line that ends it
 */
public record ReceivedCommand(String name, String callId, String text) {}
