package io.mediaproxy.session;

import io.mediaproxy.protocol.log.Log;
import io.mediaproxy.sdp.IceCandidate;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Warns once that a phone with ICE got the relay's address, but no candidate for it: many phones have no audio then. It
 * is the module's default, and a question of the configuration, so that one line is enough. Thread-safe.
 */
final class IceWarning {
    private static final Log LOG = Log.of(IceWarning.class);

    private final AtomicBoolean isLogged = new AtomicBoolean();

    /** Looks at a message that was described to the dispatcher. */
    void check(MessageSdp sdp, MediaProxyResult result, IceCandidate candidate) {
        if (result.outcome() == Outcome.REWRITTEN
                && !isLogged.get()
                && sdp.isHiddenFromIce(candidate)
                && isLogged.compareAndSet(false, true)) {
            LOG.warn("a stream with ICE got a relay, but no candidate for it, so that many phones have no audio: set "
                    + "iceCandidate (ice_candidate) to low-priority or high-priority; logged once");
        }
    }
}
