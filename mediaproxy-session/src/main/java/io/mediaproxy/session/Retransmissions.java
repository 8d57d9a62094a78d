package io.mediaproxy.session;

import io.mediaproxy.sdp.IceCandidate;
import io.mediaproxy.sdp.RelayEndpoints;
import io.mediaproxy.session.sip.SipMessageView;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Recognises the retransmissions of one call's messages and keeps the results for them. Otherwise the relay would take
 * a repeated offer for an answer and start the call's clock. A failure is kept too: the other side has read the first
 * copy, without a relay, and must not get an answer with one for the second.
 *
 * <p>Of more than {@value #CAPACITY} messages the oldest is dropped. Not thread-safe.
 */
final class Retransmissions {
    static final int CAPACITY = 8;

    /**
     * The first of equal messages. First its result is pending, then only the relay is kept, which suffices for the
     * others.
     */
    static final class Original {
        private final long fingerprint;
        private final List<Integer> leftAlone;
        private @Nullable CompletableFuture<MediaProxyResult> pending;
        private @Nullable RelayEndpoints endpoints;
        private boolean failed;

        private Original(long fingerprint, List<Integer> leftAlone) {
            this.fingerprint = fingerprint;
            this.leftAlone = leftAlone;
        }

        /** Returns the same result for an equal message; one that comes while the first one waits, waits with it. */
        CompletableFuture<MediaProxyResult> repeated(MessageSdp sdp, IceCandidate candidate) {
            sdp.leaveAlone(leftAlone);
            CompletableFuture<MediaProxyResult> waiting = pending;
            if (waiting != null) {
                return waiting.thenApply(first -> first.relay()
                        .map(relay -> sdp.rewritten(relay, candidate).withOutcome(first.outcome(), first.reason()))
                        .orElse(first));
            }
            RelayEndpoints relay = endpoints;
            MediaProxyResult none = failed ? MediaProxyResult.repeatedFailure() : MediaProxyResult.repeated();
            return CompletableFuture.completedFuture(relay == null ? none : sdp.rewritten(relay, candidate));
        }

        void startedWaiting(CompletableFuture<MediaProxyResult> result) {
            pending = result;
        }

        void succeeded(@Nullable RelayEndpoints relay) {
            pending = null;
            endpoints = relay;
        }

        void failed() {
            pending = null;
            failed = true;
        }
    }

    private List<Original> originals = List.of();

    /**
     * Returns the same number for equal messages: method or status code, CSeq, both tags and the body count. With
     * another body it is another message, whatever its transaction.
     */
    static long fingerprint(RelayedMessage message) {
        SipMessageView view = message.view();
        CRC32C body = new CRC32C();
        body.update(view.bodyArray(), view.bodyOffset(), view.bodyLength());
        int head = Objects.hash(
                message.method(),
                message.statusCode(),
                message.fields().cseq(),
                message.senderTag(),
                message.receiverTag());
        return body.getValue() << Integer.SIZE | Integer.toUnsignedLong(head);
    }

    @Nullable Original find(long fingerprint) {
        for (Original original : originals) {
            if (original.fingerprint == fingerprint) {
                return original;
            }
        }
        return null;
    }

    Original add(long fingerprint) {
        return add(fingerprint, List.of());
    }

    /** @param leftAlone see {@link Original#leftAlone} */
    Original add(long fingerprint, List<Integer> leftAlone) {
        Original original = new Original(fingerprint, leftAlone);
        List<Original> more = new ArrayList<>(originals);
        if (more.size() == CAPACITY) {
            more.remove(0);
        }
        more.add(original);
        originals = List.copyOf(more);
        return original;
    }

    /** Drops a message without SDP whose result is a failure, so that a retransmission is tried again. */
    void drop(Original original) {
        List<Original> left = new ArrayList<>(originals);
        left.remove(original);
        originals = List.copyOf(left);
    }

    /** Whether the media of an SDP already go to one of the places that the relay gave for this call. */
    boolean leadsToRelay(MessageSdp sdp) {
        for (Original original : originals) {
            if (original.endpoints != null && sdp.leadsTo(original.endpoints)) {
                return true;
            }
        }
        return false;
    }
}
