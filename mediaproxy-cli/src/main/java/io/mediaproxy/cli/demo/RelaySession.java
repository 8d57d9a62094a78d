package io.mediaproxy.cli.demo;

import io.mediaproxy.embedded.report.SessionStatistics;
import io.mediaproxy.embedded.report.StreamStatistics;
import java.util.List;

/**
 * The relay's statistics of the call's session, with the names of MediaProxy.
 *
 * @param callId the call
 * @param duration in seconds
 * @param timedOut whether it ended because no more media arrived
 * @param streams its media streams
 */
record RelaySession(String callId, long duration, boolean timedOut, List<Stream> streams) {
    RelaySession {
        streams = List.copyOf(streams);
    }

    static RelaySession of(SessionStatistics statistics) {
        return new RelaySession(
                statistics.callId(),
                statistics.duration().toSeconds(),
                statistics.timedOut(),
                statistics.streams().stream().map(Stream::of).toList());
    }

    /**
     * One stream. Addresses are {@code ip:port}, or {@code Unknown}; bytes and packets are counted by the side from
     * which they came.
     */
    record Stream(
            String mediaType,
            String status,
            String callerRemote,
            String callerLocal,
            String calleeLocal,
            String calleeRemote,
            long callerPackets,
            long callerBytes,
            long calleePackets,
            long calleeBytes) {
        static Stream of(StreamStatistics statistics) {
            StreamStatistics.End caller = statistics.caller();
            StreamStatistics.End callee = statistics.callee();
            return new Stream(
                    statistics.mediaType(),
                    statistics.status(),
                    caller.remote(),
                    caller.local(),
                    callee.local(),
                    callee.remote(),
                    caller.packets(),
                    caller.bytes(),
                    callee.packets(),
                    callee.bytes());
        }
    }
}
