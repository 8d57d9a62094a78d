package io.mediaproxy.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AsciiTest {
    /** The neighbours of LF, and the values at which a carry or a borrow would cross into the next byte. */
    private static final byte[] EDGES = {'\n', '\n' ^ 1, '\n' | (byte) 0x80, 0, 1, 0x7F, (byte) 0x80, (byte) 0xFF, 'a'};

    @Test
    void shouldMarkLineFeedsAndNothingElseInEveryPairOfEdgeBytes() {
        byte[] bytes = new byte[Long.BYTES];
        for (int place = 0; place < Long.BYTES - 1; place++) {
            for (byte first : EDGES) {
                for (byte second : EDGES) {
                    bytes[place] = first;
                    bytes[place + 1] = second;
                    assertThat(Ascii.lineFeeds(Ascii.word(bytes, 0))).isEqualTo(expected(bytes));
                }
            }
        }
    }

    @Test
    void shouldMarkLineFeedsAndNothingElseInRandomWords() {
        SplittableRandom random = new SplittableRandom(20040101);
        byte[] bytes = new byte[Long.BYTES];
        for (int round = 0; round < 100_000; round++) {
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = random.nextInt(3) == 0 ? EDGES[random.nextInt(EDGES.length)] : (byte) random.nextInt(256);
            }
            assertThat(Ascii.lineFeeds(Ascii.word(bytes, 0))).isEqualTo(expected(bytes));
        }
    }

    private static long expected(byte[] bytes) {
        long marks = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                marks |= 0x80L << (8 * i);
            }
        }
        return marks;
    }
}
