package io.mediaproxy.examples.stateless;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * The branch in a stateless proxy's Via: a hash of the parts that a request shares with its retransmissions, its CANCEL
 * and the ACK to its refusal, so that all of them get the same branch (RFC 3261 16.11). A 64 bit FNV-1a hash, mixed at
 * the end. Not thread-safe.
 */
public final class Branch {
    /** RFC 3261 8.1.1.7. */
    public static final String MAGIC_COOKIE = "z9hG4bK";

    /** Begins the To tag of the proxy's own responses, by which it recognises their ACK. */
    public static final String TAG_PREFIX = "proxy-";

    private static final String LOWER_CASE_COOKIE = "z9hg4bk";
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private long hash = FNV_OFFSET;

    static boolean isUnique(byte[] array, int startInclusive, int endExclusive) {
        return Ascii.startsWith(array, startInclusive, endExclusive, LOWER_CASE_COOKIE);
    }

    Branch add(byte[] array, int startInclusive, int endExclusive) {
        for (int i = startInclusive; i < endExclusive; i++) {
            hash = (hash ^ (array[i] & 0xff)) * FNV_PRIME;
        }
        hash = (hash ^ '\n') * FNV_PRIME; // so that "ab", "c" differs from "a", "bc"
        return this;
    }

    public Branch add(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return add(bytes, 0, bytes.length);
    }

    /**
     * Returns the hash as sixteen hexadecimal digits. A To tag made of them is the same for each retransmission (RFC
     * 3261 8.2.7).
     */
    public String digits() {
        long mixed = (hash ^ (hash >>> 32)) * 0xd6e8feb86659fd93L;
        mixed = (mixed ^ (mixed >>> 32)) * 0xd6e8feb86659fd93L;
        return HexFormat.of().toHexDigits(mixed ^ (mixed >>> 32));
    }
}
