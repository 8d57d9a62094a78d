package io.mediaproxy.jainsip;

import io.mediaproxy.session.CallAttributes;
import io.mediaproxy.session.MediaProxy;
import io.mediaproxy.session.Outcome;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.function.Consumer;
import javax.sip.PeerUnavailableException;
import javax.sip.SipFactory;
import javax.sip.message.Message;
import javax.sip.message.MessageFactory;
import javax.sip.message.Request;

/** A server that rewrites each message of {@link MediaProxy#warmUp()}, and prints it as the stack does. Thread-safe. */
final class RehearsedServer implements Consumer<byte[]> {
    private static final String SOURCE = "192.0.2.2";

    private final JainSipMediaProxy media;
    private final MessageFactory messages;

    RehearsedServer(MediaProxy mediaProxy) {
        media = new JainSipMediaProxy(mediaProxy);
        try {
            messages = SipFactory.getInstance().createMessageFactory();
        } catch (PeerUnavailableException e) {
            throw new IllegalStateException("no JAIN-SIP implementation found", e);
        }
    }

    @Override
    public void accept(byte[] datagram) {
        Message message = read(new String(datagram, StandardCharsets.US_ASCII));
        if (media.follow(message, SOURCE).outcome() == Outcome.NOT_ENGAGED) {
            media.engageMediaProxy((Request) message, SOURCE, CallAttributes.NONE);
        }
        String unused = message.toString();
    }

    private Message read(String text) {
        try {
            return text.startsWith("SIP/2.0 ") ? messages.createResponse(text) : messages.createRequest(text);
        } catch (ParseException e) {
            throw new IllegalStateException("JAIN-SIP cannot read a lawful message", e);
        }
    }
}
