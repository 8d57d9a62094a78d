package io.mediaproxy.jainsip;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.conformance.ConformanceSuite;
import io.mediaproxy.conformance.ConformanceVector;
import io.mediaproxy.session.CallAttributes;
import io.mediaproxy.session.MediaProxy;
import io.mediaproxy.session.MediaProxyResult;
import java.nio.charset.StandardCharsets;
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
        String before = content(message);
        String type = field(message, "Content-Type");

        MediaProxyResult result = new JainSipMediaProxy(mediaProxy).useMediaProxy(message, vector.source(), attributes);

        String after = content(message);
        assertThat(message.getContentLength().getContentLength())
                .isEqualTo(after.getBytes(StandardCharsets.UTF_8).length);
        boolean rewritten = result.body().isPresent();
        assertThat(field(message, "Content-Type"))
                .isEqualTo(type.isEmpty() && rewritten ? "Content-Type: application/sdp" : type);
        return new Actual(result.returnCode(), after.equals(before) ? null : after);
    }

    private static String content(Message message) {
        byte[] content = message.getRawContent();
        return content == null ? "" : new String(content, StandardCharsets.UTF_8);
    }

    private static String field(Message message, String name) {
        return message.getHeader(name) == null
                ? ""
                : message.getHeader(name).toString().strip();
    }
}
