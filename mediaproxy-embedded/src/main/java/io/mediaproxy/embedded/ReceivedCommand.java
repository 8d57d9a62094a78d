package io.mediaproxy.embedded;

/**
 * What a fault is chosen by.
 *
 * @param name {@code update}, {@code remove}, or whatever the client sent
 * @param callId empty when the command names none
 */
public record ReceivedCommand(String name, String callId) {}
