package io.mediaproxy.cli.demo;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import javax.sip.header.CSeqHeader;
import javax.sip.header.ContentTypeHeader;
import javax.sip.message.Message;
import javax.sip.message.Request;
import javax.sip.message.Response;

/** Puts the relay's addresses into the SDP by replacing text, on a thread of its own, as a dispatcher's client would. */
final class ReplacingHook implements MediaHook {
    private final LearningRelay relay;
    private final Executor elsewhere;
    private final List<String> seen = new CopyOnWriteArrayList<>();

    ReplacingHook(LearningRelay relay, Executor elsewhere) {
        this.relay = relay;
        this.elsewhere = elsewhere;
    }

    /** The messages that came by, as {@code INVITE} or {@code 200 INVITE}. */
    List<String> seen() {
        return seen;
    }

    @Override
    public CompletionStage<Void> before(Message message, InetSocketAddress source) {
        String method = ((CSeqHeader) message.getHeader(CSeqHeader.NAME)).getMethod();
        seen.add(message instanceof Response response ? response.getStatusCode() + " " + method : method);
        if (message.getRawContent() == null) {
            return CompletableFuture.completedFuture(null);
        }
        return CompletableFuture.runAsync(() -> rewrite(message), elsewhere);
    }

    private void rewrite(Message message) {
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
