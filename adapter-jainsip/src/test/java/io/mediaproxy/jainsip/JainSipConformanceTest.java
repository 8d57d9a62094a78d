package io.mediaproxy.jainsip;

import io.mediaproxy.conformance.ConformanceSuite;
import io.mediaproxy.conformance.ConformanceVector;
import io.mediaproxy.session.CallAttributes;
import io.mediaproxy.session.MediaProxy;
import io.mediaproxy.session.MediaProxyResult;
import java.text.ParseException;
import javax.sip.PeerUnavailableException;
import javax.sip.SipFactory;
import javax.sip.message.Message;
import javax.sip.message.MessageFactory;

class JainSipConformanceTest extends ConformanceSuite {
    private final MessageFactory messages = messageFactory();

    private static MessageFactory messageFactory() {
        try {
            return SipFactory.getInstance().createMessageFactory();
        } catch (PeerUnavailableException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    protected Actual useMediaProxy(MediaProxy mediaProxy, ConformanceVector vector, CallAttributes attributes)
            throws ParseException {
        Message message = vector.message().startsWith("SIP/2.0 ")
                ? messages.createResponse(vector.message())
                : messages.createRequest(vector.message());
        MediaProxyResult result = new JainSipMediaProxy(mediaProxy).useMediaProxy(message, vector.source(), attributes);
        return actual(result);
    }
}
