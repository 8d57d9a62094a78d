package io.mediaproxy.session;

import io.mediaproxy.protocol.MediaStream;
import io.mediaproxy.protocol.UpdateCommand;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the last offer that got ports of each call that is relayed by single messages, so that its removal can lead a
 * dispatcher to the session again ({@link LastUpdate}). A followed call has this in {@link RelayState}.
 *
 * <p>Bounded: of more than {@value SessionLedger#MAX_CALLS} calls the one that was idle for the longest time is
 * dropped; each takes about half a kilobyte until it ends. Thread-safe.
 */
final class MessageOffers {
    private record Offer(
            UpdateCommand.Type type,
            String cseq,
            String fromTag,
            String toTag,
            String relay,
            List<MediaStream> media,
            boolean mayBeOnHold) {

        static Offer of(UpdateCommand update, String relay) {
            return new Offer(
                    update.type(),
                    update.cseq(),
                    update.fromTag(),
                    update.toTag(),
                    relay,
                    update.media(),
                    isOnHold(update));
        }

        boolean hasExchange(UpdateCommand update) {
            return update.cseq().equals(cseq) && update.fromTag().equals(fromTag);
        }

        Offer answered(UpdateCommand answer) {
            String tag = answer.toTag().isEmpty() ? toTag : answer.toTag();
            return new Offer(type, cseq, fromTag, tag, relay, media, mayBeOnHold || isOnHold(answer));
        }

        private static boolean isOnHold(UpdateCommand update) {
            return update.media().stream().anyMatch(AgreedStreams::isOnHold);
        }

        LastUpdate lastUpdate(String callId) {
            UpdateCommand command = UpdateCommand.builder(type)
                    .callId(callId)
                    .cseq(cseq)
                    .fromTag(fromTag)
                    .toTag(toTag)
                    .signalingIp(relay)
                    .mediaRelay(relay)
                    .media(media)
                    .build();
            return new LastUpdate(command, mayBeOnHold ? LastUpdate.ON_HOLD : LastUpdate.STREAM);
        }
    }

    private final Map<String, Offer> offers = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Offer> eldest) {
            return size() > SessionLedger.MAX_CALLS;
        }
    };

    /** Notes that the relay gave ports for an offer, or for an answer to the offer before. */
    synchronized void relayed(UpdateCommand update, String relay) {
        Offer before = offers.get(update.callId());
        if (before != null && before.hasExchange(update)) {
            offers.put(update.callId(), before.answered(update));
        } else if (!update.media().isEmpty()) {
            offers.put(update.callId(), Offer.of(update, relay));
        }
    }

    /** Forgets a call that has ended. Returns the update that leads to its session; null if none is known. */
    synchronized @Nullable LastUpdate end(String callId) {
        Offer offer = offers.remove(callId);
        return offer == null ? null : offer.lastUpdate(callId);
    }
}
