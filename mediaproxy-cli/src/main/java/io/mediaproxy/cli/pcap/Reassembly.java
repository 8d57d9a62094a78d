package io.mediaproxy.cli.pcap;

import io.mediaproxy.cli.pcap.Datagram.Part;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes datagrams of IP fragments (RFC 791, RFC 8200 4.5). Fragments that overlap are given up with their datagram (RFC
 * 5722); repeated ones are ignored. Not thread-safe.
 */
final class Reassembly {
    static final int MAX_DATAGRAMS = 256;
    static final int MAX_FRAGMENTS = 128;

    static final String INCOMPLETE = "a datagram lacks some of its fragments";
    static final String CONTRADICTORY = "the fragments of a datagram do not fit together";

    /** As in Linux. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final int UNIT = 8;

    private record Key(ByteBuffer source, ByteBuffer destination, int protocol, int id) {
        static Key of(IpPacket packet) {
            return new Key(
                    packet.source(),
                    packet.destination(),
                    packet.protocol(),
                    packet.fragment().id());
        }
    }

    /** The oldest first. */
    private final Map<Key, Pieces> incomplete = new LinkedHashMap<>();

    private final Consumer<String> givenUp;

    private static final class Pieces {
        private final long since;
        private final TreeMap<Integer, Part> byOffset = new TreeMap<>();
        private final List<Part> repeated = new ArrayList<>();
        private int length;
        private int total = -1;

        private Pieces(long since) {
            this.since = since;
        }

        private boolean isComplete() {
            return length == total;
        }

        /**
         * Adds a part.
         *
         * @return whether it fits the others
         */
        private boolean add(Part part) {
            int partLength = part.packet().payloadLength();
            int offset = part.packet().fragment().offset();
            int end = offset + partLength;
            boolean last = !part.packet().fragment().more();
            Map.Entry<Integer, Part> before = byOffset.lowerEntry(offset);
            Map.Entry<Integer, Part> after = byOffset.ceilingEntry(offset);
            boolean isFull = byOffset.size() + repeated.size() == MAX_FRAGMENTS;
            if (!isFull
                    && after != null
                    && after.getKey() == offset
                    && after.getValue().packet().payloadLength() == partLength) {
                repeated.add(part);
                return true;
            }
            boolean possible = end > offset && end <= LengthField.MAX && (last || partLength % UNIT == 0);
            boolean apart = (before == null
                            || before.getKey() + before.getValue().packet().payloadLength() <= offset)
                    && (after == null || after.getKey() >= end);
            boolean oneEnd = last ? total < 0 && after == null : total < 0 || end <= total;
            if (isFull || !possible || !apart || !oneEnd) {
                return false;
            }
            byOffset.put(offset, part);
            length += partLength;
            total = last ? end : total;
            return true;
        }

        private ByteBuffer bytes() {
            ByteBuffer bytes = ByteBuffer.allocate(total);
            byOffset.values().forEach(part -> bytes.put(part.packet().payload()));
            return bytes.flip();
        }

        private void release() {
            byOffset.values().forEach(part -> part.place().release());
            repeated.forEach(part -> part.place().release());
        }
    }

    /** @param givenUp gets the reason for each datagram that is given up */
    Reassembly(Consumer<String> givenUp) {
        this.givenUp = givenUp;
    }

    /**
     * Adds a fragment. Its place is released when the datagram is given up; the caller releases the places of a
     * complete datagram.
     *
     * @return the datagram, if it is complete now
     */
    @Nullable Datagram add(Part part, long nanos) {
        giveUpBefore(nanos - PATIENCE_NANOS);
        Key key = Key.of(part.packet());
        Pieces pieces = incomplete.computeIfAbsent(key, unknown -> new Pieces(nanos));
        if (!pieces.add(part)) {
            part.place().release();
            giveUp(key, CONTRADICTORY);
            return null;
        }
        if (!pieces.isComplete()) {
            if (incomplete.size() > MAX_DATAGRAMS) {
                giveUp(incomplete.keySet().iterator().next(), INCOMPLETE);
            }
            return null;
        }
        Datagram datagram = Datagram.of(List.copyOf(pieces.byOffset.values()), pieces.bytes());
        if (datagram == null) {
            giveUp(key, Datagram.BAD_LENGTH);
        } else {
            incomplete.remove(key);
            pieces.repeated.forEach(repeated -> repeated.place().release());
        }
        return datagram;
    }

    /** Gives up all datagrams, as no more fragments will come. */
    void finish() {
        giveUpBefore(Long.MAX_VALUE);
    }

    private void giveUpBefore(long nanos) {
        while (!incomplete.isEmpty()) {
            Map.Entry<Key, Pieces> oldest = incomplete.entrySet().iterator().next();
            if (oldest.getValue().since >= nanos) {
                return;
            }
            giveUp(oldest.getKey(), INCOMPLETE);
        }
    }

    private void giveUp(Key key, String why) {
        Pieces pieces = incomplete.remove(key);
        if (pieces != null) {
            pieces.release();
            givenUp.accept(why);
        }
    }
}
