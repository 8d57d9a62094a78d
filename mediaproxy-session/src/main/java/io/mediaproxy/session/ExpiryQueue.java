package io.mediaproxy.session;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds the entries that were silent for too long, and looks only at those that may have been. A sign of life moves the
 * deadline of its entry, but not its place in the queue; an entry that is looked at before its deadline is put back. So
 * a message costs no work here, and a round costs the entries that are due, not all that are alive.
 *
 * <p>Thread-safe. Lock order: the queue, then the lock that {@link Entry#hasEnded} takes.
 */
final class ExpiryQueue<E extends ExpiryQueue.Entry> {
    /** Something that expires. Thread-safe. */
    abstract static class Entry {
        volatile long deadline;
        /** When the queue looks at it. Written by the queue only, while this is not in it. */
        volatile long nextLook;
        /** The place in the heap; negative while this is not in it. Guarded by the queue. */
        int place = -1;

        /** Whether it has ended, for whatever reason; it is to be {@linkplain ExpiryQueue#remove removed} then. */
        abstract boolean hasEnded();
    }

    /**
     * A binary heap: each entry is looked at no later than the two below it. Unlike those of the JDK, its entries know
     * their places, so that each can be removed without a search, and take no other memory.
     */
    private Entry[] heap = new Entry[16];

    private int size;

    /** Adds a new entry. */
    synchronized void add(E entry, long deadline) {
        entry.deadline = deadline;
        put(entry);
    }

    /** Moves the deadline of an entry. Only one before the next look moves its place. */
    void expireAt(E entry, long deadline) {
        entry.deadline = deadline;
        if (deadline - entry.nextLook < 0) {
            synchronized (this) {
                remove(entry);
                put(entry);
            }
        }
    }

    /** Removes and returns an entry whose deadline is over; null if there is none. */
    @Nullable E poll(long now) {
        while (true) {
            synchronized (this) { // for one entry at a time, so that no message waits for a whole round
                if (size == 0 || heap[0].nextLook - now >= 0) { // of nanoseconds, which may wrap around
                    return null;
                }
                @SuppressWarnings("unchecked") // no other entries are added
                E entry = (E) heap[0];
                remove(entry);
                if (entry.deadline - now < 0) {
                    return entry;
                }
                put(entry);
            }
        }
    }

    /** Puts an entry in its place, unless it has ended: nothing would remove it then. */
    private void put(E entry) {
        if (entry.hasEnded()) {
            return;
        }
        do {
            entry.nextLook = entry.deadline;
        } while (entry.deadline - entry.nextLook < 0); // moved by a thread that has seen the look before
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, size + (size >> 1));
        }
        rise(entry, size++);
    }

    /** Removes an entry, if it is there. */
    synchronized void remove(E entry) {
        int place = entry.place;
        if (place < 0) {
            return;
        }
        entry.place = -1;
        Entry last = heap[--size];
        heap[size] = null;
        if (last != entry) {
            sink(last, place);
            rise(last, last.place);
        }
    }

    private void rise(Entry entry, int from) {
        int place = from;
        while (place > 0 && entry.nextLook - heap[(place - 1) / 2].nextLook < 0) {
            set(place, heap[(place - 1) / 2]);
            place = (place - 1) / 2;
        }
        set(place, entry);
    }

    private void sink(Entry entry, int from) {
        int place = from;
        int below = firstBelow(place);
        while (below < size && heap[below].nextLook - entry.nextLook < 0) {
            set(place, heap[below]);
            place = below;
            below = firstBelow(place);
        }
        set(place, entry);
    }

    /** Returns the place of the one of the two below that is looked at first; the size or more if there is none. */
    private int firstBelow(int place) {
        int left = 2 * place + 1;
        boolean right = left + 1 < size && heap[left + 1].nextLook - heap[left].nextLook < 0;
        return right ? left + 1 : left;
    }

    private void set(int place, Entry entry) {
        heap[place] = entry;
        entry.place = place;
    }

    synchronized int size() {
        return size;
    }
}
