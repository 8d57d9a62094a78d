package io.mediaproxy.protocol;

import java.nio.charset.StandardCharsets;

/**
 * Weighted rendezvous hashing: the score of one dispatcher for a call. The dispatcher with the highest score gets the
 * call. All servers with the same paths and weights choose alike, and a dispatcher that joins or leaves moves no call
 * between the others. Thread-safe.
 *
 * <p>The score is {@code -weight / ln(u)}, with u in (0, 1) from the upper 52 bits of a hash with 64 bits. The hash is
 * FNV-1a of the socket's path, a NUL byte and the Call-ID, all in UTF-8, mixed by the finalizer of MurmurHash3, without
 * which similar Call-IDs have similar hashes. {@code rendezvous.csv}, a resource of the tests, has test vectors.
 */
final class RendezvousHash {
    private static final long OFFSET_BASIS = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;

    private static final double TO_UNIT = 0x1.0p-52;

    private final long hashOfPath;

    RendezvousHash(String path) {
        hashOfPath = fnv(fnv(OFFSET_BASIS, path), "\0");
    }

    /** Returns the score of a dispatcher with this weight, more than 0. */
    double score(String callId, double weight) {
        return -weight / Math.log(unit(hash(callId)));
    }

    long hash(String callId) {
        return mix(fnv(hashOfPath, callId));
    }

    /** Maps a hash to (0, 1), without both ends. */
    static double unit(long hash) {
        return ((hash >>> 12) + 0.5) * TO_UNIT;
    }

    private static long fnv(long start, String text) {
        long hash = start;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xFF)) * PRIME;
        }
        return hash;
    }

    private static long mix(long hash) {
        long mixed = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ (mixed >>> 33);
    }
}
