package io.mediaproxy.session;

/**
 * Counts of a {@link MediaProxy} since it was built. Thread-safe.
 *
 * @param callsWithoutRelay calls whose offer went on without a relay because the dispatcher gave none, each counted
 *     once; of {@code use_media_proxy} the requests
 * @param halfRelayedExchanges exchanges whose offer has a relay and whose answer has none, so that one side is not
 *     heard: the dispatcher failed in between
 * @param removalsKept removals that were kept to be tried again
 * @param removalsDelivered those of them after which the relay has no such session
 * @param removalsGivenUp those of them that were tried for long enough, or that found no room; the relay's timeout ends
 *     their sessions
 * @param callsRefused INVITEs that {@link MediaProxy#engageMediaProxy} refused, see
 *     {@link MediaProxyBuilder#maxEngagedCalls}
 */
public record Counters(
        long callsWithoutRelay,
        long halfRelayedExchanges,
        long removalsKept,
        long removalsDelivered,
        long removalsGivenUp,
        long callsRefused) {}
