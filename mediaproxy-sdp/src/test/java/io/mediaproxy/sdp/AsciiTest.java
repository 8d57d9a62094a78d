package io.mediaproxy.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AsciiTest {
    /** The neighbours of LF, and the values at which a carry or a borrow would cross into the next byte. */
    private static final byte[] EDGES = {'\n', '\n' ^ 1, '\n' | (byte) 0x80, 0, 1, 0x7F, (byte) 0x80, (byte) 0xFF, 'a'};

    @Test
    void shouldMarkOnlyLineFeedsInEveryPairOfEdgeBytes() {
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
    void shouldMarkOnlyLineFeedsInRandomWords() {
        SplittableRandom random = new SplittableRandom(20040101);
        byte[] bytes = new byte[Long.BYTES];
        for (int round = 0; round < 100_000; round++) {
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = random.nextInt(3) == 0 ? EDGES[random.nextInt(EDGES.length)] : (byte) random.nextInt(256);
            }
            assertThat(Ascii.lineFeeds(Ascii.word(bytes, 0))).isEqualTo(expected(bytes));
        }
    }

    @Test
    void shouldWriteEveryNumberAsJavaDoes() {
        SplittableRandom random = new SplittableRandom(8839);
        byte[] target = new byte[32];
        for (int round = 0; round < 200_000; round++) {
            int number = round < 110_000 ? round : random.nextInt(Integer.MAX_VALUE) >>> random.nextInt(20);
            int end = Ascii.putDecimal(target, 3, number);
            assertThat(Ascii.string(target, 3, end)).isEqualTo(Integer.toString(number));
        }
        assertThat(Ascii.string(target, 3, Ascii.putDecimal(target, 3, Integer.MAX_VALUE)))
                .isEqualTo("2147483647");
    }

    @Test
    void shouldReadOnlyPortsAnywhereInTheArray() {
        for (int port = 0; port < 100_000; port++) {
            byte[] text = Ascii.bytes(Integer.toString(port));
            assertThat(Ascii.port(text, 0, text.length)).isEqualTo(port <= 65535 ? port : -1);
        }
        byte[] text = Ascii.bytes("xx00123xxxxxxxx");
        assertThat(Ascii.port(text, 2, 7)).isEqualTo(123);
        for (int place = 2; place < 7; place++) {
            for (int b = Byte.MIN_VALUE; b <= Byte.MAX_VALUE; b++) {
                byte[] changed = text.clone();
                changed[place] = (byte) b;
                boolean digit = b >= '0' && b <= '9';
                assertThat(Ascii.port(changed, 2, 7)).isEqualTo(digit ? expectedPort(changed) : -1);
            }
        }
        assertThat(Ascii.port(text, 2, 2)).isEqualTo(-1);
        assertThat(Ascii.port(Ascii.bytes("012345"), 0, 6)).isEqualTo(-1);
    }

    private static int expectedPort(byte[] text) {
        int port = Integer.parseInt(Ascii.string(text, 2, 7));
        return port <= 65535 ? port : -1;
    }

    @Test
    void shouldFindTokensAndBytesAnywhereInAWord() {
        SplittableRandom random = new SplittableRandom(3605);
        byte[] alphabet = Ascii.bytes("ab/ \t\r\u0001.");
        for (int round = 0; round < 100_000; round++) {
            byte[] text = new byte[random.nextInt(30)];
            for (int i = 0; i < text.length; i++) {
                text[i] =
                        random.nextInt(3) == 0 ? alphabet[random.nextInt(alphabet.length)] : (byte) random.nextInt(256);
            }
            int start = random.nextInt(text.length + 1);
            int end = start + random.nextInt(text.length - start + 1);
            int tokenEnd = start;
            while (tokenEnd < end && text[tokenEnd] != ' ' && text[tokenEnd] != '\t' && text[tokenEnd] != '\r') {
                tokenEnd++;
            }
            int slash = start;
            while (slash < end && text[slash] != '/') {
                slash++;
            }
            assertThat(Ascii.tokenEnd(text, start, end)).isEqualTo(tokenEnd);
            assertThat(Ascii.indexOf(text, start, end, (byte) '/')).isEqualTo(slash < end ? slash : -1);
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
