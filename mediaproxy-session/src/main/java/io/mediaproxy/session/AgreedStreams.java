package io.mediaproxy.session;

import io.mediaproxy.protocol.MediaStream;
import io.mediaproxy.protocol.UpdateCommand;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The streams that the last answered offer of a call left alive, and what has to be sent so that the relay keeps them
 * until another offer is answered (RFC 3264 8: a refused offer changes nothing).
 *
 * <p>The relay follows offers, not answers: a stream that is missing in an offer is lost at the next one, even if the
 * first was refused. So each offer is sent with the agreed streams that it does not continue, at its end. Its answer
 * gives them up, as streams without a port. The relay's rules, which this class mirrors:
 *
 * <ul>
 *   <li>A stream of an offer continues the first live stream of the same type whose address, as this party described it
 *       last, is the same {@code ip:port}, or has the same port if the offer has {@code 0.0.0.0}, or the same address
 *       if it has port 0. The address by which it is known stays.
 *   <li>An answer describes the offered streams by their place. A stream without a port, or a missing one, is closed.
 *       Another address replaces the known one, unless it is {@code 0.0.0.0} for hold.
 * </ul>
 *
 * <p>Not thread-safe.
 */
final class AgreedStreams {
    private static final String HOLD = "0.0.0.0";

    /** Describes a stream without a port: no live stream can have this address, so the relay closes none instead. */
    private static final String DISABLED = "0.0.0.1";

    private static final int ALL_PORTS = Integer.MAX_VALUE;

    private static final String SENDRECV = "sendrecv";

    /**
     * A live stream that both parties agreed on, as each described it: last, and when the relay noted the address by
     * which it knows the stream. Mostly the two are the same object.
     */
    private record Agreed(
            MediaStream callerLast, MediaStream callerKnown, MediaStream calleeLast, MediaStream calleeKnown) {
        static Agreed of(Side offerer, MediaStream offered, MediaStream answered) {
            return of(offerer, offered, offered, answered, answered);
        }

        private static Agreed of(
                Side offerer,
                MediaStream offered,
                MediaStream offererKnown,
                MediaStream answered,
                MediaStream answererKnown) {
            return offerer == Side.CALLER
                    ? new Agreed(offered, offererKnown, answered, answererKnown)
                    : new Agreed(answered, answererKnown, offered, offererKnown);
        }

        MediaStream last(Side side) {
            return side == Side.CALLER ? callerLast : calleeLast;
        }

        private MediaStream known(Side side) {
            return side == Side.CALLER ? callerKnown : calleeKnown;
        }

        boolean isContinuedBy(Side offerer, MediaStream offered) {
            MediaStream known = known(offerer);
            boolean sameAddress = offered.address().equals(known.address());
            boolean samePort = offered.port() == known.port();
            return offered.type().equals(known.type())
                    && ((sameAddress && (samePort || offered.port() == 0)) || (samePort && isHold(offered)));
        }

        /** The stream after another offer and its answer. */
        Agreed again(Side offerer, MediaStream offered, MediaStream answered) {
            MediaStream known = known(offerer.other());
            boolean moved = answered.port() != known.port()
                    || isHold(known)
                    || !(answered.address().equals(known.address()) || isHold(answered));
            return of(offerer, offered, known(offerer), answered, moved ? answered : known);
        }

        /** Whether both parties offered ICE, so that the media may have left the relay. */
        boolean hasIce() {
            return callerLast.ice() && calleeLast.ice();
        }

        private static boolean isHold(MediaStream stream) {
            return stream.address().equals(HOLD);
        }
    }

    /** The media of one update. */
    sealed interface Media {
        /** Returns the streams to send. */
        List<MediaStream> streams();

        /** Returns how many ports of the reply belong to the message at most; the others belong to appended streams. */
        int ports();
    }

    /**
     * An offer.
     *
     * @param ports the number of its own streams; the appended ones follow
     * @param continued for each stream the agreed one that it continues, or null; empty if there was no agreed one
     */
    private record Offer(Side offerer, List<MediaStream> streams, int ports, List<@Nullable Agreed> continued)
            implements Media {
        boolean hasAppended() {
            return streams.size() > ports;
        }
    }

    /** An answer, or the streams of another callee of a fork than the one that made the last offer. */
    private record Answer(Offer offer, Side answerer, List<MediaStream> streams, int ports) implements Media {}

    /** No offer, and no answer to a known offer. */
    private record Other(List<MediaStream> streams) implements Media {
        @Override
        public int ports() {
            return ALL_PORTS;
        }
    }

    /** Of a message without SDP. */
    static final Media NO_MEDIA = new Other(List.of());

    private List<Agreed> agreed = List.of();
    private @Nullable Offer lastOffer;

    /** Returns the media to send for an offer of these streams. */
    Media offer(Side offerer, List<MediaStream> own) {
        List<MediaStream> streams = new ArrayList<>(own);
        List<@Nullable Agreed> continued = new ArrayList<>();
        List<Agreed> missing = new ArrayList<>(agreed);
        for (MediaStream stream : own) {
            Agreed match = find(offerer, stream, agreed);
            continued.add(match);
            missing.remove(match);
        }
        for (Agreed stream : missing) {
            if (streams.size() < UpdateCommand.MAX_STREAMS) {
                streams.add(stream.last(offerer));
                continued.add(stream);
            }
        }
        return new Offer(offerer, List.copyOf(streams), own.size(), agreed.isEmpty() ? List.of() : continued);
    }

    private static @Nullable Agreed find(Side offerer, MediaStream offered, List<Agreed> candidates) {
        for (Agreed candidate : candidates) {
            if (candidate.isContinuedBy(offerer, offered)) {
                return candidate;
            }
        }
        return null;
    }

    /** Returns the media to send for an answer of these streams to the last offer. */
    Media answer(Side answerer, List<MediaStream> own) {
        Offer offer = lastOffer;
        if (offer == null) {
            return new Other(own);
        }
        if (!offer.hasAppended()) {
            return new Answer(offer, answerer, own, ALL_PORTS);
        }
        // The appended streams have fixed places, whatever the number of streams in the answer.
        List<MediaStream> streams = new ArrayList<>(own.subList(0, Math.min(own.size(), offer.ports())));
        for (MediaStream stream :
                offer.streams().subList(streams.size(), offer.streams().size())) {
            streams.add(disabled(stream.type()));
        }
        return new Answer(offer, answerer, List.copyOf(streams), offer.ports());
    }

    /**
     * Returns the media to send so that the relay is again with a callee of a fork, who described these streams before.
     * The relay expects the types of the last offer at their places.
     */
    Media again(List<MediaStream> before) {
        Offer offer = lastOffer;
        if (offer == null) {
            return new Other(before);
        }
        List<MediaStream> streams = new ArrayList<>();
        for (int i = 0; i < offer.ports(); i++) {
            String type = offer.streams().get(i).type();
            boolean same = i < before.size() && before.get(i).type().equals(type);
            streams.add(same ? before.get(i) : disabled(type));
        }
        return answer(Side.CALLEE, List.copyOf(streams));
    }

    private static MediaStream disabled(String type) {
        return new MediaStream(type, DISABLED, 0, SENDRECV, false);
    }

    /** Notes that media are being sent. */
    void sent(Media media) {
        if (media instanceof Offer offer) {
            lastOffer = offer;
        } else if (media instanceof Answer answer) {
            agreed = answer.answerer() == answer.offer().offerer()
                    ? withOtherCallee(answer.streams())
                    : agreed(answer.offer(), answer.streams());
        }
    }

    private List<Agreed> withOtherCallee(List<MediaStream> described) {
        List<MediaStream> left = new ArrayList<>(described);
        left.removeIf(stream -> stream.port() == 0);
        List<Agreed> streams = new ArrayList<>();
        for (Agreed before : agreed) {
            for (MediaStream stream : left) {
                if (stream.type().equals(before.callerKnown().type())) {
                    streams.add(new Agreed(before.callerLast(), before.callerKnown(), stream, stream));
                    left.remove(stream);
                    break;
                }
            }
        }
        return List.copyOf(streams);
    }

    private static List<Agreed> agreed(Offer offer, List<MediaStream> answer) {
        List<Agreed> streams = new ArrayList<>();
        for (int i = 0; i < Math.min(offer.streams().size(), answer.size()); i++) {
            MediaStream offered = offer.streams().get(i);
            MediaStream answered = answer.get(i);
            if (offered.port() != 0 && answered.port() != 0) {
                Agreed before =
                        offer.continued().isEmpty() ? null : offer.continued().get(i);
                streams.add(
                        before == null
                                ? Agreed.of(offer.offerer(), offered, answered)
                                : before.again(offer.offerer(), offered, answered));
            }
        }
        return List.copyOf(streams);
    }

    /** Returns the streams of the last offer, as they were sent; empty if there was none. */
    List<MediaStream> lastOffered() {
        return lastOffer == null ? List.of() : lastOffer.streams();
    }

    /** Whether a stream may be on hold, for which the relay has a longer timer. */
    boolean mayBeOnHold() {
        return lastOffered().stream().anyMatch(AgreedStreams::isOnHold)
                || agreed.stream().anyMatch(stream -> isOnHold(stream.callerLast()) || isOnHold(stream.calleeLast()));
    }

    static boolean isOnHold(MediaStream stream) {
        return stream.port() != 0
                && (!stream.direction().equals(SENDRECV) || stream.address().equals(HOLD));
    }

    /** Whether there are agreed streams, and all have ICE on both sides. */
    boolean haveIce() {
        return !agreed.isEmpty() && agreed.stream().allMatch(Agreed::hasIce);
    }
}
