package io.mediaproxy.embedded.relay;

import io.mediaproxy.embedded.report.StreamStatistics;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One media stream through the relay, with four UDP ports: RTP and RTCP for the caller and for the callee. It is alive,
 * and holds its ports, from its creation until it is closed, rejected or times out. Confined to the relay thread.
 */
final class RelayedStream {
    private static final String ACTIVE = "active";
    private static final String ON_HOLD = "on hold";
    private static final String CLOSED = "closed";
    private static final String REJECTED = "rejected";

    private final RelayContext relay;
    private final RelaySession session;
    private final String mediaType;
    private final StreamEnd caller;
    private final StreamEnd callee;
    private final long createdNanos;
    private String status = ACTIVE;
    private boolean alive = true;
    private @Nullable Long startedNanos;
    private @Nullable Long endedNanos;
    private @Nullable Long firstMediaNanos;
    private Duration timeoutWait = Duration.ZERO;

    /**
     * Opens the ports.
     *
     * @throws RelayRefusalException the relay has too few free ports; the stream then holds none
     */
    RelayedStream(RelayContext relay, RelaySession session, OfferedMedia media, Side from) {
        this.relay = relay;
        this.session = session;
        this.mediaType = media.type();
        this.createdNanos = relay.now();
        this.caller = new StreamEnd(relay, this);
        try {
            this.callee = new StreamEnd(relay, this);
        } catch (RelayRefusalException e) {
            caller.close();
            throw e;
        }
        PacketForwarder.join(caller.rtp(), callee.rtp());
        PacketForwarder.join(caller.rtcp(), callee.rtcp());
        relay.opened(this);
        StreamEnd offerer = end(from);
        offerer.describe(media);
        offerer.useIce(media.ice());
        checkHold(from, media);
    }

    String mediaType() {
        return mediaType;
    }

    boolean isAlive() {
        return alive;
    }

    StreamEnd end(Side side) {
        return side == Side.CALLER ? caller : callee;
    }

    /** The port to which the given side sends; 0 if the stream is dead. */
    int portFor(Side side) {
        return alive ? end(side).rtpPort() : 0;
    }

    boolean isMeantBy(OfferedMedia media, Side from) {
        return alive && mediaType.equals(media.type()) && end(from).isMeantBy(media);
    }

    boolean isOnHold() {
        return caller.isOnHold() || callee.isOnHold();
    }

    void checkHold(Side from, OfferedMedia media) {
        boolean before = isOnHold();
        end(from).hold(media.asksForHold());
        if (before == isOnHold() || !alive) {
            return;
        }
        status = isOnHold() ? ON_HOLD : ACTIVE;
        for (StreamEnd end : new StreamEnd[] {caller, callee}) {
            for (PacketForwarder port : new PacketForwarder[] {end.rtp(), end.rtcp()}) {
                if (isOnHold()) {
                    port.holdBegins();
                } else {
                    port.holdEnds();
                }
            }
        }
    }

    void answered() {
        if (startedNanos == null) {
            startedNanos = relay.now();
        }
    }

    /**
     * Applies the answer to this stream.
     *
     * @throws RelayRefusalException the answer has another media type than the offer
     */
    void answer(OfferedMedia media, Side from) {
        if (!mediaType.equals(media.type())) {
            throw new RelayRefusalException("the answer has another media type than the offer");
        }
        if (media.isDisabled()) {
            reject();
            return;
        }
        checkHold(from, media);
        StreamEnd end = end(from);
        end.useIce(media.ice());
        if (end.isUndescribed()) {
            end.describe(media);
        } else if (end.isMovedBy(media)) {
            end.rtp().expectNewRemote();
            end.rtcp().expectNewRemote();
            end.describe(media);
        }
    }

    void mediaSeen() {
        if (firstMediaNanos == null) {
            firstMediaNanos = relay.now();
        }
    }

    void close() {
        end(CLOSED);
    }

    void reject() {
        end(REJECTED);
    }

    private void end(String why) {
        if (!alive) {
            return;
        }
        alive = false;
        status = why;
        endedNanos = relay.now();
        caller.close();
        callee.close();
        relay.closed(this);
    }

    /** Ends the stream if it has timed out. Only RTP counts; an RTCP port that timed out forgets its remote address. */
    void expire() {
        long limit = isOnHold() ? relay.holdTimeoutNanos() : relay.streamTimeoutNanos();
        boolean waitedInVain = caller.rtp().waitedFor(limit) || callee.rtp().waitedFor(limit);
        boolean fellSilent = caller.rtp().silentFor(limit) && callee.rtp().silentFor(limit);
        if (waitedInVain || fellSilent) {
            boolean iceOnBothSides = caller.usesIce() && callee.usesIce();
            String silence = waitedInVain ? "no-traffic timeout" : "conntrack timeout";
            String reason = waitedInVain && isOnHold() ? "on hold timeout" : silence;
            end(iceOnBothSides ? StreamStatistics.UNSELECTED_ICE_CANDIDATE : reason);
            timeoutWait = Duration.ofNanos(limit);
            session.streamExpired();
        } else if (caller.rtcp().waitedFor(limit)
                || callee.rtcp().waitedFor(limit)
                || (caller.rtcp().silentFor(limit) && callee.rtcp().silentFor(limit))) {
            caller.rtcp().forgetRemote();
            callee.rtcp().forgetRemote();
        }
    }

    /** When the first answer came; null before it. MediaProxy leaves streams without answer out of its statistics. */
    @Nullable Long startedNanos() {
        return startedNanos;
    }

    /**
     * The figures of a stream that was answered.
     *
     * @param sessionStartNanos when the session was answered, at the latest with this stream
     */
    StreamStatistics statistics(
            String localAddress, long sessionStartNanos, Duration sessionDuration, long startNanos) {
        Duration start = wholeSeconds(Math.max(0, startNanos - sessionStartNanos));
        Duration end = sessionDuration;
        if (status.equals(REJECTED)) {
            end = start;
        } else if (endedNanos != null) {
            Duration ended = wholeSeconds(endedNanos - sessionStartNanos);
            end = ended.compareTo(sessionDuration) < 0 ? ended : sessionDuration;
        }
        return new StreamStatistics(
                mediaType,
                status,
                timeoutWait,
                start,
                end,
                firstMediaNanos == null ? null : Duration.ofNanos(firstMediaNanos - createdNanos),
                endStatistics(caller, localAddress),
                endStatistics(callee, localAddress));
    }

    private static StreamStatistics.End endStatistics(StreamEnd end, String localAddress) {
        return new StreamStatistics.End(
                end.rtp().codec(),
                end.rtp().packets() + end.rtcp().packets(),
                end.rtp().bytes() + end.rtcp().bytes(),
                localAddress + ":" + end.rtpPort(),
                end.rtp().remote());
    }

    private static Duration wholeSeconds(long nanos) {
        return Duration.ofSeconds(Duration.ofNanos(nanos).toSeconds());
    }
}
