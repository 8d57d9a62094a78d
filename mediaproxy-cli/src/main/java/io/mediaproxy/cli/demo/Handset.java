package io.mediaproxy.cli.demo;

import java.net.InetAddress;
import java.net.SocketException;
import java.text.ParseException;
import java.util.List;
import javax.sip.InvalidArgumentException;
import javax.sip.RequestEvent;
import javax.sip.ServerTransaction;
import javax.sip.SipException;
import javax.sip.header.ContactHeader;
import javax.sip.header.ContentTypeHeader;
import javax.sip.message.Message;
import javax.sip.message.Request;
import javax.sip.message.Response;

/**
 * What both phones are made of: a SIP endpoint, an audio leg, and what they say about themselves.
 *
 * <p>Thread-safe.
 */
record Handset(PhoneProfile profile, SipEndpoint endpoint, AudioLeg audio) implements AutoCloseable {
    static Handset open(InetAddress bind, PhoneProfile profile) throws SipException, SocketException {
        AudioLeg audio = AudioLeg.open(profile.user(), bind, profile.speaks(), profile.hears());
        try {
            return new Handset(profile, SipEndpoint.open(profile.user(), bind, true, WireTap.NONE), audio);
        } catch (SipException | SocketException e) {
            audio.close();
            throw e;
        }
    }

    ContactHeader contact() throws ParseException {
        return endpoint.headers().createContactHeader(endpoint.addresses().createAddress(endpoint.uri(profile.user())));
    }

    /** Puts this phone's session description into a message. */
    void describe(Message message) throws ParseException {
        ContentTypeHeader sdp = endpoint.headers().createContentTypeHeader("application", "sdp");
        message.setContent(PhoneSdp.describe(profile.user(), profile.privateAddress(), profile.privatePort()), sdp);
    }

    Response reply(Request request, int status) throws SipException, ParseException {
        Response response = endpoint.messages().createResponse(status, request);
        response.setHeader(endpoint.headers().createServerHeader(List.of("mediaproxy-demo-" + profile.user())));
        return response;
    }

    /** Answers at once. */
    void answer(RequestEvent event, int status) throws SipException, InvalidArgumentException, ParseException {
        transaction(event).sendResponse(reply(event.getRequest(), status));
    }

    ServerTransaction transaction(RequestEvent event) throws SipException {
        ServerTransaction known = event.getServerTransaction();
        return known == null ? endpoint.provider().getNewServerTransaction(event.getRequest()) : known;
    }

    @Override
    public void close() {
        endpoint.close(); // first: what it has in hand may still want to talk
        audio.close();
    }
}
