package io.mediaproxy.sdp;

/**
 * The limits of one SDP. Each is checked before anything is stored for the input that would exceed it, so that no input
 * decides how much memory or time is used. Immutable. Thread-safe.
 *
 * @param bodyBytes the size of the whole body, before and after the rewrite, in bytes
 * @param streams the number of media descriptions ({@code m=} lines), supported or not; the module's own limit is 32
 * @param lineBytes the length of one line without its line end, in bytes
 */
public record SdpLimits(int bodyBytes, int streams, int lineBytes) {
    /** 64 KiB, 32 streams, 8 KiB a line: more than any phone sends. */
    public static final SdpLimits DEFAULT = new SdpLimits(64 * 1024, 32, 8 * 1024);

    /**
     * Checks the limits.
     *
     * @throws IllegalArgumentException if one is below 1, or {@code streams} is above 1024
     */
    public SdpLimits {
        requireRange("bodyBytes", bodyBytes, Integer.MAX_VALUE);
        requireRange("streams", streams, 1024);
        requireRange("lineBytes", lineBytes, Integer.MAX_VALUE);
    }

    private static void requireRange(String name, int value, int max) {
        if (value < 1 || value > max) {
            throw new IllegalArgumentException(name + " is " + value + ", allowed is 1 to " + max);
        }
    }
}
