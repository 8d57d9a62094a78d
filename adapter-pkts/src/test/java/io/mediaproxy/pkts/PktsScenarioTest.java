package io.mediaproxy.pkts;

import io.mediaproxy.scenario.MediaProxyServer;
import io.mediaproxy.scenario.ScenarioSuite;
import io.mediaproxy.session.CallAttributes;
import io.pkts.buffer.Buffer;
import io.pkts.packet.sip.SipMessage;
import io.pkts.packet.sip.SipParseException;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.opentest4j.TestAbortedException;

class PktsScenarioTest extends ScenarioSuite {
    PktsScenarioTest() {
        super(Server::new);
    }

    private static final class Server extends MediaProxyServer {
        private final PktsMediaProxy pkts = new PktsMediaProxy(mediaProxy());

        Server(Settings settings) {
            super(settings);
        }

        @Override
        public CompletableFuture<Passed> handle(Verb verb, byte[] bytes, String source) {
            return switch (verb) {
                case ENGAGE ->
                    pkts.engageMediaProxyAsync(frame(bytes), source, CallAttributes.NONE)
                            .thenApply(Server::passed);
                case FOLLOW -> pkts.followAsync(frame(bytes), source).thenApply(Server::passed);
                case USE ->
                    pkts.useMediaProxyAsync(frame(bytes), source, CallAttributes.NONE)
                            .thenApply(Server::passed);
                case END, OFFER, ANSWER -> super.handle(verb, bytes, source);
            };
        }

        private static SipMessage frame(byte[] bytes) {
            try {
                return SipMessage.frame(bytes);
            } catch (SipParseException | IOException e) {
                throw new TestAbortedException("pkts does not read this message", e);
            }
        }

        private static Passed passed(PktsResult result) {
            Buffer content = result.message().getContent();
            return passed(result.result(), content == null ? null : content.getArray());
        }
    }
}
