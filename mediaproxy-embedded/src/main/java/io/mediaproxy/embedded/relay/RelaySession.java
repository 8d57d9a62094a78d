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
 * One session of the relay: a sequence of offers and answers as MediaProxy interprets it. Confined to the relay thread.
 *
 * <pre>
 * CSeq                 update is   streams
 * greater than before  an offer    for each in order: the first live one of the preceding offer, at any place, with
 *                                  its type and its address (as this party sent it last); otherwise a new one.
 *                                  Port 0 closes it. Streams of the offer before the preceding one that are in
 *                                  neither list are closed.
 * equal                an answer   by place: port 0 or missing rejects the stream, another address resets it,
 *                                  another type is refused. Streams of the preceding offer that are not in this
 *                                  one are closed.
 * lower                ignored     unchanged; the reply has the ports of the offer with that CSeq
 * </pre>
 *
 * <p>The type of the update does not matter: a retransmitted offer is an answer. Two offers without an answer close the
 * streams that both lack.
 */
final class RelaySession {
    /**
     * The contents of one update.
     *
     * @param from the side that sent the SDP
     * @param counting the side that sent the request, which counts the CSeq
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
    private final String dispatcher;
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
            String dispatcher,
            String fromUri,
            String toUri,
            @Nullable String username,
            Runnable onAllStreamsDead) {
        this.relay = relay;
        this.key = key;
        this.dispatcher = dispatcher;
        this.fromUri = fromUri;
        this.toUri = toUri;
        this.username = username;
        this.onAllStreamsDead = onAllStreamsDead;
    }

    SessionKey key() {
        return key;
    }

    /** The dispatcher that created the session, the only one to which its end is reported. */
    String dispatcher() {
        return dispatcher;
    }

    /**
     * Executes an update.
     *
     * @throws RelayRefusalException changes made so far stay, as in the real relay
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
     * The ports for the SDP of an update: those of the side that receives the SDP, one for each stream of the offer
     * with this CSeq.
     *
     * @return empty if there was no such offer
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
