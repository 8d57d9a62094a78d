package io.mediaproxy.session;

import io.mediaproxy.sdp.RelayEndpoints;
import io.mediaproxy.session.sip.SipMessageView;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What came of the last messages of one call, for their retransmissions: the relay would take an offer that it sees again for
 * an answer and start the call's clock.
 *
 * <p>Of more than {@value #CAPACITY} messages the oldest is forgotten. Not safe for use by more than one thread at a time.
 */
final class StoredResults {
    static final int CAPACITY = 8;

    /** One message's result: on its way, then the relay alone, which is all that a retransmission needs. */
    static final class Stored {
        private final long fingerprint;
        private @Nullable CompletableFuture<MediaProxyResult> onItsWay;
        private @Nullable RelayEndpoints relay;

        private Stored(long fingerprint) {
            this.fingerprint = fingerprint;
        }

        /** Null: the result is there. */
        @Nullable CompletableFuture<MediaProxyResult> onItsWay() {
            return onItsWay;
        }

        /** Null: the dispatcher was told, and gave nothing to rewrite with. */
        @Nullable RelayEndpoints relay() {
            return relay;
        }

        void began(CompletableFuture<MediaProxyResult> result) {
            onItsWay = result;
        }

        void succeeded(@Nullable RelayEndpoints endpoints) {
            onItsWay = null;
            relay = endpoints;
        }
    }

    private final List<Stored> results = new ArrayList<>(2);

    /**
     * What makes a message the same as one before: method or status code, CSeq, the sender's tag and the body. Another body is
     * another message, whatever its transaction.
     */
    static long fingerprint(SipMessageView message, CallFields fields) {
        CRC32C body = new CRC32C();
        body.update(message.bodyArray(), message.bodyOffset(), message.bodyLength());
        int head = Objects.hash(message.method(), message.statusCode(), fields.cseq(), fields.senderTag(message));
        return body.getValue() << Integer.SIZE | Integer.toUnsignedLong(head);
    }

    @Nullable Stored find(long fingerprint) {
        for (Stored stored : results) {
            if (stored.fingerprint == fingerprint) {
                return stored;
            }
        }
        return null;
    }

    Stored add(long fingerprint) {
        if (results.size() == CAPACITY) {
            results.remove(0);
        }
        Stored stored = new Stored(fingerprint);
        results.add(stored);
        return stored;
    }

    /** It came to nothing: the next one like it is a new attempt. */
    void forget(Stored stored) {
        results.remove(stored);
    }

    /** Whether the media of an SDP go to one of the places that the relay has given for this call. */
    boolean leadsToRelay(MessageSdp sdp) {
        for (Stored stored : results) {
            if (stored.relay != null && sdp.leadsTo(stored.relay)) {
                return true;
            }
        }
        return false;
    }
}
