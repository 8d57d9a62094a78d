package io.mediaproxy.cli.demo;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import javax.sip.RequestEvent;
import javax.sip.ResponseEvent;
import javax.sip.SipListener;
import javax.sip.header.CSeqHeader;
import javax.sip.header.ContentTypeHeader;
import javax.sip.message.Message;
import javax.sip.message.Request;
import javax.sip.message.Response;

/** Puts the relay's addresses into the SDP by replacing text. */
final class ReplacingMedia implements UnaryOperator<SipListener> {
    private final LearningRelay relay;
    private final List<String> seen = new CopyOnWriteArrayList<>();

    ReplacingMedia(LearningRelay relay) {
        this.relay = relay;
    }

    /** The messages that came by, as {@code INVITE} or {@code 200 INVITE}. */
    List<String> seen() {
        return seen;
    }

    @Override
    public SipListener apply(SipListener proxy) {
        return new PassingListener(proxy) {
            @Override
            public void processRequest(RequestEvent event) {
                rewrite(event.getRequest());
                super.processRequest(event);
            }

            @Override
            public void processResponse(ResponseEvent event) {
                rewrite(event.getResponse());
                super.processResponse(event);
            }
        };
    }

    private void rewrite(Message message) {
        String method = ((CSeqHeader) message.getHeader(CSeqHeader.NAME)).getMethod();
        seen.add(message instanceof Response response ? response.getStatusCode() + " " + method : method);
        if (message.getRawContent() == null) {
            return;
        }
        boolean offer = message instanceof Request;
        PhoneProfile phone = offer ? DemoCall.ALICE : DemoCall.BOB;
        InetSocketAddress side = offer ? relay.calleeSide() : relay.callerSide();
        String sdp = new String(message.getRawContent(), StandardCharsets.UTF_8)
                .replace(phone.privateAddress(), side.getAddress().getHostAddress())
                .replace("m=audio " + phone.privatePort(), "m=audio " + side.getPort());
        try {
            message.setContent(sdp.getBytes(StandardCharsets.UTF_8), (ContentTypeHeader)
                    message.getHeader(ContentTypeHeader.NAME));
        } catch (ParseException e) {
            throw new IllegalStateException(e);
        }
    }
}
