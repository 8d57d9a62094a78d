package io.mediaproxy.cli.proxy;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * The branch that a stateless proxy puts into its Via: made of what the retransmissions of a request have in common, and its CANCEL
 * and the ACK to its refusal with it, so that they get the same one (RFC 3261 16.11). A 64 bit FNV-1a hash, mixed at the end.
 */
final class Branch {
    /** RFC 3261 8.1.1.7. */
    static final String MAGIC_COOKIE = "z9hG4bK";

    /** Of the To tag of our own replies, which makes their ACK known again. */
    static final String TAG_PREFIX = "proxy-";

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
        hash = (hash ^ '\n') * FNV_PRIME; // so that "ab", "c" is another than "a", "bc"
        return this;
    }

    Branch add(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return add(bytes, 0, bytes.length);
    }

    /** What was added, as sixteen hexadecimal digits; also makes a tag that is the same each time (RFC 3261 8.2.7). */
    String digits() {
        long mixed = (hash ^ (hash >>> 32)) * 0xd6e8feb86659fd93L;
        mixed = (mixed ^ (mixed >>> 32)) * 0xd6e8feb86659fd93L;
        return HexFormat.of().toHexDigits(mixed ^ (mixed >>> 32));
    }
}
