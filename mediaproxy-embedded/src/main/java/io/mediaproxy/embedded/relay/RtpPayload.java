package io.mediaproxy.embedded.relay;

import java.util.Map;

/** Names of RTP payload types (RFC 3551, 6) in MediaProxy's statistics. */
final class RtpPayload {
    private static final int FIRST_DYNAMIC = 96;

    private static final Map<Integer, String> STATIC = Map.ofEntries(
            Map.entry(0, "G711u"),
            Map.entry(1, "1016"),
            Map.entry(2, "G721"),
            Map.entry(3, "GSM"),
            Map.entry(4, "G723"),
            Map.entry(5, "DVI4"),
            Map.entry(6, "DVI4"),
            Map.entry(7, "LPC"),
            Map.entry(8, "G711a"),
            Map.entry(9, "G722"),
            Map.entry(10, "L16"),
            Map.entry(11, "L16"),
            Map.entry(14, "MPA"),
            Map.entry(15, "G728"),
            Map.entry(18, "G729"),
            Map.entry(25, "CelB"),
            Map.entry(26, "JPEG"),
            Map.entry(28, "nv"),
            Map.entry(31, "H261"),
            Map.entry(32, "MPV"),
            Map.entry(33, "MP2T"),
            Map.entry(34, "H263"));

    private RtpPayload() {}

    static String name(int payloadType) {
        if (payloadType >= FIRST_DYNAMIC) {
            return "Dynamic(" + payloadType + ")";
        }
        return STATIC.getOrDefault(payloadType, "Unknown(" + payloadType + ")");
    }
}
