package io.mediaproxy.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LineFeedsTest {
    /** Few bytes other than LF, among them those that a borrow from an LF below would turn into a mark. */
    private static final byte[] ALPHABET = {'\n', '\n' ^ 1, '\n' | (byte) 0x80, 0, (byte) 0xFF, 'a', 'b', 'c'};

    private final LineFeeds lineFeeds = new LineFeeds();

    @Test
    void shouldFindEveryLineFeedInAnyRange() {
        SplittableRandom random = new SplittableRandom(8866);
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = new byte[random.nextInt(1, 300)];
            int letters = random.nextInt(1, ALPHABET.length + 1); // with one, all of them are LF
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = ALPHABET[random.nextInt(letters)];
            }
            int start = random.nextInt(bytes.length);
            int end = random.nextInt(start, bytes.length) + 1;
            assertThat(found(bytes, start, end)).isEqualTo(expected(bytes, start, end));
        }
    }

    private List<Integer> found(byte[] bytes, int start, int end) {
        List<Integer> positions = new ArrayList<>();
        lineFeeds.begin(start);
        for (int line = start; line < end; line = positions.get(positions.size() - 1) + 1) {
            int found = lineFeeds.find(bytes, end);
            for (int i = 0; i < found; i++) {
                positions.add(lineFeeds.get(i));
            }
        }
        return positions;
    }

    private static List<Integer> expected(byte[] bytes, int start, int end) {
        List<Integer> positions = new ArrayList<>();
        for (int pos = start; pos < end; pos++) {
            if (bytes[pos] == '\n') {
                positions.add(pos);
            }
        }
        if (bytes[end - 1] != '\n') {
            positions.add(end);
        }
        return positions;
    }
}
