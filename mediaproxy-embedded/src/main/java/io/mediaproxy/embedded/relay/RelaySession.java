package io.mediaproxy.embedded.relay;

import io.mediaproxy.embedded.report.SessionStatistics;
import io.mediaproxy.embedded.report.StreamStatistics;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One session of the relay: what MediaProxy makes of a sequence of offers and answers.
 *
 * <p>An update with a higher CSeq than any before is an offer, whatever its type says; one with the same CSeq is an answer,
 * also when it is the offer retransmitted; one with a lower CSeq changes nothing. An offer keeps the streams that it
 * repeats and opens new ones for the rest; those it no longer names live on until it is answered, or replaced by the next
 * offer. Used by the relay's thread only.
 */
final class RelaySession {
    /**
     * What one update says.
     *
     * @param from the side whose SDP it carries
     * @param counting the side whose CSeq it carries
     */
    record Update(
            BigInteger cseq,
            @Nullable String toTag,
            String userAgent,
            List<OfferedMedia> media,
            Side from,
            Side counting) {}

    private final RelayContext relay;
    private final SessionKey key;
    private final String fromUri;
    private final String toUri;
    private final @Nullable String username;
    private final Runnable onAllStreamsDead;
    private final TreeMap<CseqPair, List<RelayedStream>> offers = new TreeMap<>();
    private @Nullable CseqPair current;
    private @Nullable CseqPair previous;
    private @Nullable String toTag;
    private @Nullable String callerUserAgent;
    private @Nullable String calleeUserAgent;
    private @Nullable Long startNanos;
    private @Nullable Long endNanos;

    RelaySession(
            RelayContext relay,
            SessionKey key,
            String fromUri,
            String toUri,
            @Nullable String username,
            Runnable onAllStreamsDead) {
        this.relay = relay;
        this.key = key;
        this.fromUri = fromUri;
        this.toUri = toUri;
        this.username = username;
        this.onAllStreamsDead = onAllStreamsDead;
    }

    SessionKey key() {
        return key;
    }

    /**
     * Does what the update asks for.
     *
     * @throws RelayRefusalException what was done until then stays done, as in the real relay
     */
    void update(Update update) {
        CseqPair cseq = (current == null ? CseqPair.ZERO : current).with(update.counting(), update.cseq());
        if (update.counting() == Side.CALLER && toTag == null) {
            toTag = update.toTag();
        }
        if (update.from() == Side.CALLER && callerUserAgent == null) {
            callerUserAgent = update.userAgent();
        } else if (update.from() == Side.CALLEE && calleeUserAgent == null) {
            calleeUserAgent = update.userAgent();
        }
        if (current == null || cseq.compareTo(current) > 0) {
            if (!update.media().isEmpty()) {
                offer(cseq, update);
            }
        } else if (cseq.equals(current)) {
            answer(update);
        }
    }

    private void offer(CseqPair cseq, Update update) {
        List<RelayedStream> offered = new ArrayList<>();
        List<RelayedStream> known = streamsOf(current);
        offers.put(cseq, offered);
        for (OfferedMedia media : update.media()) {
            RelayedStream stream = null;
            for (RelayedStream candidate : known) {
                if (candidate.isMeantBy(media, update.from())) {
                    stream = candidate;
                    stream.checkHold(update.from(), media);
                    break;
                }
            }
            if (stream == null) {
                stream = new RelayedStream(relay, this, media, update.from());
            }
            if (media.isDisabled()) {
                stream.close();
            }
            offered.add(stream);
        }
        closeUnless(streamsOf(previous), known, offered);
        previous = current;
        current = cseq;
    }

    private void answer(Update update) {
        List<RelayedStream> offered = streamsOf(current);
        if (startNanos == null) {
            startNanos = relay.now();
        }
        offered.forEach(RelayedStream::answered);
        List<OfferedMedia> media = update.media();
        if (media.isEmpty() && update.toTag() != null) {
            return;
        }
        for (int i = media.size(); i < offered.size(); i++) {
            offered.get(i).reject();
        }
        for (int i = 0; i < Math.min(media.size(), offered.size()); i++) {
            offered.get(i).answer(media.get(i), update.from());
        }
        closeUnless(streamsOf(previous), offered, List.of());
    }

    private static void closeUnless(
            List<RelayedStream> streams, List<RelayedStream> kept, List<RelayedStream> alsoKept) {
        for (RelayedStream stream : streams) {
            if (!kept.contains(stream) && !alsoKept.contains(stream)) {
                stream.close();
            }
        }
    }

    private List<RelayedStream> streamsOf(@Nullable CseqPair cseq) {
        return cseq == null ? List.of() : offers.getOrDefault(cseq, List.of());
    }

    /**
     * The ports that belong into the SDP that the update carried: those on the other side of the one it came from, one for
     * each stream of the offer with this CSeq.
     *
     * @return empty: there was no such offer
     */
    List<Integer> portsFor(Update update) {
        return offers.descendingMap().entrySet().stream()
                .filter(offer -> offer.getKey().of(update.counting()).equals(update.cseq()))
                .findFirst()
                .map(offer -> offer.getValue().stream()
                        .map(stream -> stream.portFor(update.from().other()))
                        .toList())
                .orElse(List.of());
    }

    void streamExpired() {
        boolean dead = streamsOf(previous).stream().noneMatch(RelayedStream::isAlive)
                && streamsOf(current).stream().noneMatch(RelayedStream::isAlive);
        if (dead) {
            onAllStreamsDead.run();
        }
    }

    void end() {
        endNanos = relay.now();
        streamsOf(previous).forEach(RelayedStream::close);
        streamsOf(current).forEach(RelayedStream::close);
    }

    /** All streams that were ever offered. */
    Set<RelayedStream> streams() {
        return offers.values().stream().flatMap(List::stream).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    SessionStatistics statistics(String localAddress) {
        Long start = startNanos;
        Duration duration = Duration.ZERO;
        List<StreamStatistics> streams = List.of();
        if (start != null) {
            long end = endNanos == null ? relay.now() : endNanos;
            Duration whole = Duration.ofSeconds(Duration.ofNanos(end - start).toSeconds());
            duration = whole;
            streams = streams().stream()
                    .filter(stream -> stream.startedNanos() != null)
                    .sorted(Comparator.comparing(stream -> Objects.requireNonNull(stream.startedNanos()) - start))
                    .map(stream -> stream.statistics(
                            localAddress, start, whole, Objects.requireNonNull(stream.startedNanos())))
                    .toList();
        }
        return new SessionStatistics(
                key.callId(),
                key.fromTag(),
                fromUri,
                toTag,
                toUri,
                start == null ? null : relay.wallTime(start),
                duration,
                callerUserAgent == null ? "Unknown" : callerUserAgent,
                calleeUserAgent == null ? "Unknown" : calleeUserAgent,
                username,
                streams,
                null,
                false);
    }
}
