package io.mediaproxy.protocol.backchannel;

import java.security.SecureRandom;
import java.util.Base64;

/**
 * Makes values for the {@code dialog_id} of an update. Safe for use by many threads.
 *
 * <p>Who can write to the back channel can end any call whose dialog id he knows. So it is no Call-ID and no counter, but 128
 * random bits, in 22 characters of base64url: ASCII, and without the colon that the dispatcher's lines are split at.
 */
public final class DialogId {
    private static final int RANDOM_BYTES = 16;
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Base64.Encoder TEXT = Base64.getUrlEncoder().withoutPadding();

    private DialogId() {}

    /** A new one. One call keeps one: the dispatcher remembers the first and ignores all others. */
    public static String next() {
        byte[] bits = new byte[RANDOM_BYTES];
        RANDOM.nextBytes(bits);
        return TEXT.encodeToString(bits);
    }
}
