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

        /** Every message that goes on: an offer or answer comes back with the relay, any other as it is. */
        SipMessage beforeForwarding(SipMessage message, String sourceAddress) {
            return media.useMediaProxy(message, sourceAddress).message();
        }

        /** The message that ends a call, once: BYE, CANCEL, or the failure of its first INVITE. */
        void whenTheCallEnds(SipMessage message) {
            media.endMediaSession(message);
        }
    }
}
