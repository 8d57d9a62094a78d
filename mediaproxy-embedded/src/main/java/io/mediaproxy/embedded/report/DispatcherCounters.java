package io.mediaproxy.embedded.report;

/**
 * Counters of a dispatcher.
 *
 * @param commands number of commands received since its start, refused ones included
 * @param errors number of replies since its start that were an error
 * @param connections number of open connections
 * @param liveSessions number of sessions on all its relays
 * @param portsInUse number of open UDP ports of all its relays
 */
public record DispatcherCounters(long commands, long errors, int connections, int liveSessions, int portsInUse) {}
