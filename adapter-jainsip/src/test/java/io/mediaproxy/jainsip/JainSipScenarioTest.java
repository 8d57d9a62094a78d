package io.mediaproxy.jainsip;

import io.mediaproxy.scenario.MediaProxyServer;
import io.mediaproxy.scenario.ScenarioSuite;
import io.mediaproxy.session.CallAttributes;
import io.mediaproxy.session.MediaProxyResult;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import javax.sip.PeerUnavailableException;
import javax.sip.SipFactory;
import javax.sip.message.Message;
import javax.sip.message.MessageFactory;
import javax.sip.message.Request;
import org.opentest4j.TestAbortedException;

/** The calls for servers that forward by themselves; {@link EngagedListenerTest} is about those that have it done. */
class JainSipScenarioTest extends ScenarioSuite {
    JainSipScenarioTest() {
        super(
                Server::new,
                Map.of(
                        "hostile-cseq.txt",
                        "JAIN-SIP drops a CSeq that is no number of its kind, and with it the method of a response"));
    }

    private static final class Server extends MediaProxyServer {
        private final JainSipMediaProxy jainSip = new JainSipMediaProxy(mediaProxy());

        Server(Settings settings) {
            super(settings);
        }

        @Override
        public CompletableFuture<Passed> handle(Verb verb, byte[] bytes, String source) {
            if (verb == Verb.END || verb == Verb.OFFER || verb == Verb.ANSWER) {
                return super.handle(verb, bytes, source);
            }
            Message message = parse(bytes);
            CompletableFuture<MediaProxyResult> result = verb == Verb.USE
                    ? jainSip.useMediaProxyAsync(message, source, CallAttributes.NONE)
                    : verb == Verb.ENGAGE && message instanceof Request request
                            ? jainSip.engageMediaProxyAsync(request, source, CallAttributes.NONE)
                            : jainSip.followAsync(message, source);
            return result.thenApply(outcome -> passed(outcome, message.getRawContent()));
        }

        private static Message parse(byte[] bytes) {
            String text = new String(bytes, StandardCharsets.UTF_8);
            try {
                MessageFactory messages = SipFactory.getInstance().createMessageFactory();
                return text.startsWith("SIP/") ? messages.createResponse(text) : messages.createRequest(text);
            } catch (ParseException | PeerUnavailableException e) {
                throw new TestAbortedException("JAIN-SIP does not read this message", e);
            }
        }
    }
}
