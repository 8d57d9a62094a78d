package io.mediaproxy.jainsip;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.conformance.QuickstartSuite;
import io.mediaproxy.protocol.backchannel.BackChannelConfig;
import io.mediaproxy.session.MediaProxy;
import java.util.Properties;
import java.util.TooManyListenersException;
import javax.sip.SipListener;
import javax.sip.SipProvider;
import javax.sip.message.Message;
import org.junit.jupiter.api.Test;

class ReadmeTest extends QuickstartSuite {
    ReadmeTest() {
        super(JainSipMediaProxy.class);
    }

    @Test
    void shouldStartOnAHostWithoutMediaProxy() {
        Engaged server = new Engaged();
        try (MediaProxy mediaProxy = server.mediaProxy) {
            assertThat(mediaProxy.hasBackChannel()).isFalse();
            assertThat(server.media).isNotNull();
        }
    }

    @SuppressWarnings("unused")
    private static final class OneLine {
        void start(SipProvider provider, SipListener server) throws TooManyListenersException {
            MediaProxy mediaProxy = MediaProxy.builder().build(); // at /run/mediaproxy/dispatcher.sock
            JainSipMediaProxy media = new JainSipMediaProxy(mediaProxy);
            provider.addSipListener(media.engage(server)); // each message has the relay in it
        }
    }

    @SuppressWarnings("unused")
    private static final class Engaged {
        private final MediaProxy mediaProxy = MediaProxy.builder().build(); // at /run/mediaproxy/dispatcher.sock
        private final JainSipMediaProxy media = new JainSipMediaProxy(mediaProxy);

        /** Before the stack is created: JAIN-SIP logs through SLF4J, and needs no log4j. */
        void configure(Properties stack) {
            stack.setProperty("gov.nist.javax.sip.STACK_LOGGER", Slf4jStackLogger.class.getName());
        }

        /** The server's listener stays as it is: it receives every message with the relay in it. */
        void start(SipProvider provider, SipListener server) throws TooManyListenersException {
            provider.addSipListener(media.engage(server));
        }
    }

    @SuppressWarnings("unused")
    private static final class Explicit {
        private final MediaProxy mediaProxy = MediaProxy.builder().build(); // at /run/mediaproxy/dispatcher.sock
        private final JainSipMediaProxy media = new JainSipMediaProxy(mediaProxy);

        /** Every message to forward: offers and answers get the relay, all others stay as they are. */
        void beforeForwarding(Message message, String sourceAddress) {
            media.useMediaProxy(message, sourceAddress);
        }

        /** The message that ends a call, once: BYE, CANCEL, or the failure of its first INVITE. */
        void whenTheCallEnds(Message message) {
            media.endMediaSession(message);
        }
    }

    @SuppressWarnings("unused")
    private static final class WithBackChannel {
        private final MediaProxy mediaProxy = MediaProxy.builder() // at /run/mediaproxy/dispatcher.sock
                .backChannel(BackChannelConfig.defaults()) // at /run/opensips/socket
                .build();
        private final JainSipMediaProxy media = new JainSipMediaProxy(mediaProxy);
    }
}
