package io.mediaproxy.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExpiryQueueTest {
    private final ExpiryQueue<Counting> queue = new ExpiryQueue<>();

    /** Counts how often the queue has put it in a place. */
    private static final class Counting extends ExpiryQueue.Entry {
        private boolean ended;
        private int looks;

        @Override
        boolean hasEnded() {
            looks++;
            return ended;
        }
    }

    private Counting added(long deadline) {
        Counting entry = new Counting();
        queue.add(entry, deadline);
        entry.looks = 0;
        return entry;
    }

    @Test
    void shouldFindAnEntryOnceItsDeadlineIsOver() {
        Counting entry = added(100);

        assertThat(queue.poll(100)).isNull();
        assertThat(queue.poll(101)).isSameAs(entry);
        assertThat(queue.poll(102)).isNull();
        assertThat(queue.size()).isZero();
    }

    @Test
    void shouldNotFindAnEntryWhoseDeadlineHasMoved() {
        Counting entry = added(100);
        queue.expireAt(entry, 200);

        assertThat(queue.poll(150)).isNull();
        assertThat(queue.poll(201)).isSameAs(entry);
    }

    @Test
    void shouldFindAnEntryAtAnEarlierDeadline() {
        Counting entry = added(1000);
        queue.expireAt(entry, 100);

        assertThat(queue.poll(101)).isSameAs(entry);
        assertThat(queue.size()).isZero();
    }

    @Test
    void shouldFindEntriesOfOneDeadline() {
        List<Counting> entries = List.of(added(100), added(100), added(100));
        queue.remove(entries.get(1));

        assertThat(queue.poll(101)).isSameAs(entries.get(0));
        assertThat(queue.poll(101)).isSameAs(entries.get(2));
        assertThat(queue.poll(101)).isNull();
    }

    @Test
    void shouldLookOnlyAtEntriesThatAreDue() {
        List<Counting> alive = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            alive.add(added(1000));
        }
        List<Counting> due = List.of(added(100), added(100));
        due.forEach(entry -> queue.expireAt(entry, 500));
        Counting expired = added(100);

        assertThat(queue.poll(101)).isSameAs(expired);
        assertThat(queue.poll(101)).isNull();
        assertThat(queue.poll(101)).isNull();

        assertThat(alive).allSatisfy(entry -> assertThat(entry.looks).isZero());
        assertThat(due).allSatisfy(entry -> assertThat(entry.looks).isEqualTo(1));
    }

    @Test
    void shouldDoNothingForALaterDeadline() {
        Counting entry = added(100);

        for (int i = 1; i < 1000; i++) {
            queue.expireAt(entry, 100 + i);
        }

        assertThat(entry.looks).isZero();
    }

    @Test
    void shouldKeepNoEntryThatHasEnded() {
        Counting entry = added(1000);
        entry.ended = true;
        queue.remove(entry);
        queue.expireAt(entry, 100); // by a message that came at the same time

        assertThat(queue.size()).isZero();
    }

    @Test
    void shouldFindEntriesWhileTheClockWrapsAround() {
        Counting before = added(Long.MAX_VALUE - 10);
        Counting after = added(Long.MIN_VALUE + 10);

        assertThat(queue.poll(Long.MAX_VALUE)).isSameAs(before);
        assertThat(queue.poll(Long.MAX_VALUE)).isNull();
        assertThat(queue.poll(Long.MIN_VALUE + 11)).isSameAs(after);
    }
}
