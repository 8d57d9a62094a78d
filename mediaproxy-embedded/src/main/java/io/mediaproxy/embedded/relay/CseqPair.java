package io.mediaproxy.embedded.relay;

import java.math.BigInteger;
import java.util.Comparator;

/**
 * The CSeq numbers of both parties. Each party counts its own requests (RFC 3261, 12.2.1.1), and the relay orders
 * offers by both numbers, the caller's first.
 */
record CseqPair(BigInteger caller, BigInteger callee) implements Comparable<CseqPair> {
    static final CseqPair ZERO = new CseqPair(BigInteger.ZERO, BigInteger.ZERO);

    private static final Comparator<CseqPair> ORDER =
            Comparator.comparing(CseqPair::caller).thenComparing(CseqPair::callee);

    CseqPair with(Side counting, BigInteger cseq) {
        return counting == Side.CALLER ? new CseqPair(cseq, callee) : new CseqPair(caller, cseq);
    }

    BigInteger of(Side counting) {
        return counting == Side.CALLER ? caller : callee;
    }

    @Override
    public int compareTo(CseqPair that) {
        return ORDER.compare(this, that);
    }
}
