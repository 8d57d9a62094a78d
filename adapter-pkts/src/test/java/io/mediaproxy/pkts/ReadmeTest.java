package io.mediaproxy.pkts;

import io.mediaproxy.conformance.QuickstartSuite;
import io.mediaproxy.session.MediaProxy;
import io.pkts.packet.sip.SipMessage;

class ReadmeTest extends QuickstartSuite {
    ReadmeTest() {
        super(PktsMediaProxy.class);
    }

    @SuppressWarnings("unused")
    private static final class Quickstart {
        private final MediaProxy mediaProxy = MediaProxy.builder().build(); // at /run/mediaproxy/dispatcher.sock
        private final PktsMediaProxy media = new PktsMediaProxy(mediaProxy);

        /** Every message to forward: returns offers and answers with the relay, all others as they are. */
        SipMessage beforeForwarding(SipMessage message, String sourceAddress) {
            return media.useMediaProxy(message, sourceAddress).message();
        }

        /** The message that ends a call, once: BYE, CANCEL, or the failure of its first INVITE. */
        void whenTheCallEnds(SipMessage message) {
            media.endMediaSession(message);
        }
    }
}
