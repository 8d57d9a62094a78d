package io.mediaproxy.cli.pcap;

import io.mediaproxy.cli.pcap.Datagram.Part;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Puts datagrams together from IP fragments (RFC 791, RFC 8200 4.5). Fragments that overlap are given up with their datagram
 * (RFC 5722), the same one twice is not. Not safe for use by more than one thread.
 */
final class Reassembly {
    static final int MAX_DATAGRAMS = 256;
    static final int MAX_FRAGMENTS = 128;

    /** As in Linux. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final int LARGEST = 0xffff;
    private static final int UNIT = 8;

    static final String INCOMPLETE = "a datagram lacks some of its fragments";
    static final String CONTRADICTORY = "the fragments of a datagram do not fit together";

    private final Map<ByteBuffer, Pieces> incomplete = new LinkedHashMap<>();
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

        /** Whether it fits to those that are there. */
        private boolean add(Part part) {
            IpPacket packet = part.packet();
            int offset = packet.fragment().offset();
            int end = offset + packet.payloadLength();
            Part same = byOffset.get(offset);
            if (same != null && same.packet().payloadLength() == packet.payloadLength()) {
                repeated.add(part);
                return byOffset.size() + repeated.size() <= MAX_FRAGMENTS;
            }
            boolean last = !packet.fragment().more();
            boolean possible = end > offset && end <= LARGEST && (last || packet.payloadLength() % UNIT == 0);
            Map.Entry<Integer, Part> before = byOffset.lowerEntry(offset);
            Map.Entry<Integer, Part> after = byOffset.ceilingEntry(offset);
            boolean apart = (before == null
                            || before.getKey() + before.getValue().packet().payloadLength() <= offset)
                    && (after == null || after.getKey() >= end);
            boolean oneEnd = last ? total < 0 && after == null : total < 0 || end <= total;
            if (!possible || !apart || !oneEnd || byOffset.size() + repeated.size() == MAX_FRAGMENTS) {
                return false;
            }
            byOffset.put(offset, part);
            length += packet.payloadLength();
            total = last ? end : total;
            return true;
        }

        private byte[] bytes() {
            byte[] bytes = new byte[total];
            byOffset.forEach((offset, part) -> System.arraycopy(
                    part.packet().frame(),
                    part.packet().payloadStart(),
                    bytes,
                    offset,
                    part.packet().payloadLength()));
            return bytes;
        }

        private void done() {
            byOffset.values().forEach(part -> part.place().done());
            repeated.forEach(part -> part.place().done());
        }
    }

    /** @param givenUp told why, for each datagram that comes to nothing */
    Reassembly(Consumer<String> givenUp) {
        this.givenUp = givenUp;
    }

    /**
     * Takes a fragment. Its place is done when the datagram is given up; of a datagram that is complete whoever gets it has to see to
     * the places of its parts.
     *
     * @return the datagram, if this was what it lacked
     */
    @Nullable Datagram add(Part part, long nanos) {
        giveUpBefore(nanos - PATIENCE_NANOS);
        ByteBuffer key = key(part.packet());
        Pieces pieces = incomplete.computeIfAbsent(key, unknown -> new Pieces(nanos));
        if (!pieces.add(part)) {
            part.place().done();
            giveUp(key, CONTRADICTORY);
            return null;
        }
        if (pieces.isComplete()) {
            incomplete.remove(key);
            pieces.repeated.forEach(repeated -> repeated.place().done());
            return datagram(pieces);
        }
        if (incomplete.size() > MAX_DATAGRAMS) {
            giveUp(incomplete.keySet().iterator().next(), INCOMPLETE);
        }
        return null;
    }

    private @Nullable Datagram datagram(Pieces pieces) {
        byte[] bytes = pieces.bytes();
        Datagram datagram = Datagram.of(List.copyOf(pieces.byOffset.values()), bytes, 0, bytes.length);
        if (datagram == null) {
            pieces.done();
            givenUp.accept(Datagram.BAD_LENGTH);
        }
        return datagram;
    }

    /** No more fragments will come. */
    void finish() {
        List.copyOf(incomplete.keySet()).forEach(key -> giveUp(key, INCOMPLETE));
    }

    private void giveUpBefore(long nanos) {
        Iterator<Pieces> oldest = incomplete.values().iterator();
        while (oldest.hasNext()) {
            Pieces pieces = oldest.next();
            if (pieces.since >= nanos) {
                return;
            }
            oldest.remove();
            pieces.done();
            givenUp.accept(INCOMPLETE);
        }
    }

    private void giveUp(ByteBuffer key, String why) {
        Pieces pieces = incomplete.remove(key);
        if (pieces != null) {
            pieces.done();
            givenUp.accept(why);
        }
    }

    private static ByteBuffer key(IpPacket packet) {
        byte[] source = packet.source();
        byte[] destination = packet.destination();
        return ByteBuffer.allocate(source.length + destination.length + 2 * Integer.BYTES)
                .put(source)
                .put(destination)
                .putInt(packet.protocol())
                .putInt(packet.fragment().id())
                .flip();
    }
}
