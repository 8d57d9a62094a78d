package io.mediaproxy.embedded.report;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One stream in MediaProxy's session statistics.
 *
 * @param status {@code active}, {@code on hold}, {@code closed}, {@code rejected}, {@code no-traffic timeout},
 *     {@code on hold timeout}, {@code conntrack timeout} or {@value #UNSELECTED_ICE_CANDIDATE}
 * @param timeoutWait how long a stream that timed out was waited for; it is part of its duration
 * @param start whole seconds from the start of the session
 * @param end as {@code start}; of a live stream: now
 * @param postDialDelay from the offer to the first media packet; null: none came
 */
public record StreamStatistics(
        String mediaType,
        String status,
        Duration timeoutWait,
        Duration start,
        Duration end,
        @Nullable Duration postDialDelay,
        End caller,
        End callee) {

    /** The status of a stream that ran out while both ends used ICE: they found a better way. */
    public static final String UNSELECTED_ICE_CANDIDATE = "unselected ICE candidate";

    /**
     * One end of a stream.
     *
     * @param codec by the first RTP packet: {@code G711u}, {@code Dynamic(96)}, {@code Unknown}
     * @param packets RTP and RTCP packets that came from this end and were sent on to the other
     * @param bytes of those packets, IP and UDP headers included
     * @param local {@code ip:port} of the relay that this end sends RTP to
     * @param remote {@code ip:port} that RTP came from, or {@code Unknown}
     */
    public record End(String codec, long packets, long bytes, String local, String remote) {}
}
