package io.mediaproxy.jainsip;

import gov.nist.javax.sip.message.SIPMessage;
import io.mediaproxy.conformance.AdapterConformanceSuite;
import io.mediaproxy.session.CallAttributes;
import io.mediaproxy.session.MediaProxy;
import java.text.ParseException;
import javax.sip.PeerUnavailableException;
import javax.sip.SipFactory;
import javax.sip.message.Message;
import javax.sip.message.MessageFactory;

class JainSipConformanceTest extends AdapterConformanceSuite<Message> {
    private final MessageFactory messages = messageFactory();

    private static MessageFactory messageFactory() {
        try {
            return SipFactory.getInstance().createMessageFactory();
        } catch (PeerUnavailableException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    protected Message parse(String message) throws ParseException {
        return message.startsWith("SIP/2.0 ") ? messages.createResponse(message) : messages.createRequest(message);
    }

    @Override
    protected byte[] wire(Message message) {
        return ((SIPMessage) message).encodeAsBytes("udp");
    }

    @Override
    protected Used<Message> useMediaProxy(
            MediaProxy mediaProxy, Message message, String sourceAddress, CallAttributes attributes) {
        return new Used<>(message, new JainSipMediaProxy(mediaProxy).useMediaProxy(message, sourceAddress, attributes));
    }

    @Override
    protected String addedContentType() {
        return "application/sdp"; // JAIN-SIP takes no content without a type
    }
}
