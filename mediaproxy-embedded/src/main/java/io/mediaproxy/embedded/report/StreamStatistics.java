package io.mediaproxy.embedded.report;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One stream in MediaProxy's session statistics.
 *
 * @param mediaType {@code audio}, {@code video} or any other media type of an SDP
 * @param status {@code active}, {@code on hold}, {@code closed}, {@code rejected}, {@code no-traffic timeout},
 *     {@code on hold timeout}, {@code conntrack timeout} or {@value #UNSELECTED_ICE_CANDIDATE}
 * @param timeoutWait how long the relay waited before the stream timed out; included in its duration
 * @param start whole seconds from the start of the session to the answer
 * @param end whole seconds from the start of the session to the end of the stream, or to now while it is alive
 * @param postDialDelay from the offer to the first media packet; null if none came
 * @param caller the caller's end
 * @param callee the callee's end
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

    /** The status of a stream that timed out while both ends used ICE: the media took another path. */
    public static final String UNSELECTED_ICE_CANDIDATE = "unselected ICE candidate";

    /**
     * One end of a stream.
     *
     * @param codec named after the first RTP packet: {@code G711u}, {@code Dynamic(96)}, {@code Unknown}
     * @param packets number of RTP and RTCP packets that came from this end and were forwarded
     * @param bytes size of those packets, IP and UDP headers included
     * @param local {@code ip:port} of the relay to which this end sends RTP
     * @param remote {@code ip:port} from which RTP came, or {@code Unknown}
     */
    public record End(String codec, long packets, long bytes, String local, String remote) {}
}
