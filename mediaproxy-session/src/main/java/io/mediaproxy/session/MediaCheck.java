package io.mediaproxy.session;

import io.mediaproxy.protocol.DispatcherReply;
import io.mediaproxy.protocol.UpdateCommand;
import io.mediaproxy.sdp.RelayEndpoints;
import java.util.List;

/**
 * The update that shows whether the relay still has the session of a call. It repeats the offer of an exchange that was
 * answered: the relay takes it for an answer that it has already, and gives the ports in the offer again.
 *
 * @param pairing of the exchange
 * @param offered the ports in its offer
 */
record MediaCheck(UpdateCommand command, RelayPairing pairing, RelayEndpoints offered) {
    /**
     * Returns whether the relay had ended the session: it has ports for the streams, but none of those before. Another
     * relay shows nothing: the dispatcher may have lost the connection to the one of the call.
     */
    boolean findsNewSession(DispatcherReply.Endpoints reply) {
        if (!reply.address().equals(offered.address())) {
            return false;
        }
        List<Integer> ports = reply.ports();
        boolean hasPorts = false;
        for (int i = 0; i < Math.min(ports.size(), offered.count()); i++) {
            if (ports.get(i) != 0 && ports.get(i) == offered.port(i)) {
                return false;
            }
            hasPorts |= ports.get(i) != 0;
        }
        return hasPorts;
    }
}
