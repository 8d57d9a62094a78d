package io.mediaproxy.embedded.report;

/**
 * Figures of a dispatcher.
 *
 * @param commands received since its start, refused ones too
 * @param errors replies that said so, since its start
 * @param connections open now
 * @param liveSessions on all its relays
 * @param portsInUse UDP ports, on all its relays
 */
public record DispatcherCounters(long commands, long errors, int connections, int liveSessions, int portsInUse) {}
