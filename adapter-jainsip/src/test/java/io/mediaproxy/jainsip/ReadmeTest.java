package io.mediaproxy.jainsip;

import io.mediaproxy.conformance.QuickstartSuite;
import io.mediaproxy.session.MediaProxy;
import javax.sip.message.Message;

class ReadmeTest extends QuickstartSuite {
    ReadmeTest() {
        super(JainSipMediaProxy.class);
    }

    @SuppressWarnings("unused")
    private static final class Quickstart {
        private final MediaProxy mediaProxy = MediaProxy.builder().build(); // at /run/mediaproxy/dispatcher.sock
        private final JainSipMediaProxy media = new JainSipMediaProxy(mediaProxy);

        /** Every message that goes on: offers and answers get the relay, all others pass. */
        void beforeForwarding(Message message, String sourceAddress) {
            media.useMediaProxy(message, sourceAddress);
        }

        /** The message that ends a call, once: BYE, CANCEL, or the failure of its first INVITE. */
        void whenTheCallEnds(Message message) {
            media.endMediaSession(message);
        }
    }
}
