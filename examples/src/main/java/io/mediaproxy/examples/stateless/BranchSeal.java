package io.mediaproxy.examples.stateless;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Binds the branch in a proxy's Via to the address to which the responses go. A stateless proxy sends a response
 * wherever its next Via points; without the seal, anyone could have it send a response to anyone.
 *
 * <pre>
 *   z9hG4bK  0123456789abcdef  0123456789abcdef
 *            transaction       HMAC-SHA-256(key, transaction, address), its first 64 bits
 * </pre>
 *
 * <p>The key is random. After a restart the responses to earlier requests are strangers. Thread-safe.
 */
public final class BranchSeal {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int KEY_BYTES = 32;
    private static final int SEAL_BYTES = 8;
    private static final int DIGITS = 2 * SEAL_BYTES;
    private static final int LENGTH = Branch.MAGIC_COOKIE.length() + 2 * DIGITS;

    private final Mac mac;

    /** Creates a seal with a new random key. */
    public BranchSeal() {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        try {
            mac = Mac.getInstance(ALGORITHM); // which every JDK has
            mac.init(new SecretKeySpec(key, ALGORITHM));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Returns the branch of a forwarded request.
     *
     * @param transaction sixteen digits, equal for all requests that need the same branch
     * @param responseAddress the address to which the responses will go, as text
     */
    public String branch(String transaction, String responseAddress) {
        return Branch.MAGIC_COOKIE + transaction + seal(transaction, responseAddress);
    }

    /** Whether {@link #branch} returned this branch for this address. */
    public boolean isSealed(String branch, String responseAddress) {
        if (branch.length() != LENGTH || !branch.startsWith(Branch.MAGIC_COOKIE)) {
            return false;
        }
        String transaction = branch.substring(LENGTH - 2 * DIGITS, LENGTH - DIGITS);
        byte[] expected = seal(transaction, responseAddress).getBytes(UTF_8);
        return MessageDigest.isEqual(expected, branch.substring(LENGTH - DIGITS).getBytes(UTF_8));
    }

    private String seal(String transaction, String responseAddress) {
        byte[] bound = (transaction + responseAddress).getBytes(UTF_8);
        byte[] hash;
        synchronized (mac) {
            hash = mac.doFinal(bound);
        }
        return HexFormat.of().formatHex(hash, 0, SEAL_BYTES);
    }
}
