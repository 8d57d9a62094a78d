package io.mediaproxy.protocol.backchannel;

import java.security.SecureRandom;
import java.util.Base64;

/**
 * Creates values for the {@code dialog_id} of an update. Thread-safe.
 *
 * <p>Anyone who can write to the back channel can end every call whose dialog id they know. Therefore it is not a
 * Call-ID or a counter, but 128 random bits, in 22 characters of base64url: ASCII without a colon, at which the
 * dispatcher splits its lines.
 */
public final class DialogId {
    private static final int RANDOM_BYTES = 16;
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Base64.Encoder TEXT = Base64.getUrlEncoder().withoutPadding();

    private DialogId() {}

    /**
     * Creates a dialog id. Use one for all updates of a call: the dispatcher remembers the first and ignores others.
     *
     * @return 22 printable ASCII characters
     */
    public static String next() {
        byte[] bits = new byte[RANDOM_BYTES];
        RANDOM.nextBytes(bits);
        return TEXT.encodeToString(bits);
    }
}
