package io.mediaproxy.jainsip;

import java.util.Iterator;
import java.util.Optional;
import javax.sip.ClientTransaction;
import javax.sip.address.SipURI;
import javax.sip.address.URI;
import javax.sip.header.RouteHeader;
import javax.sip.header.ViaHeader;
import javax.sip.message.Request;
import javax.sip.message.Response;
import org.jspecify.annotations.Nullable;

/** Finds the IP address from which a message came, as far as {@code javax.sip} provides it. */
final class SourceAddress {
    private SourceAddress() {}

    /** Returns the sender's address in the topmost Via (RFC 3261 18.2.1); empty if there is none. */
    static String of(Request request) {
        return request.getHeader(ViaHeader.NAME) instanceof ViaHeader via ? sender(via) : "";
    }

    /**
     * Returns the address to which the request went: {@code javax.sip} does not provide the source of a response.
     * Without a transaction, returns the sender of the request, which is in the second Via.
     */
    static String of(Response response, @Nullable ClientTransaction sent) {
        if (sent != null && nextHop(sent.getRequest()) instanceof SipURI uri) {
            return uri.getHost();
        }
        String source = "";
        Iterator<?> vias = response.getHeaders(ViaHeader.NAME);
        for (int i = 0; i < 2 && vias.hasNext(); i++) {
            source = sender((ViaHeader) vias.next());
        }
        return source;
    }

    private static URI nextHop(Request request) {
        return request.getHeader(RouteHeader.NAME) instanceof RouteHeader route
                ? route.getAddress().getURI()
                : request.getRequestURI();
    }

    private static String sender(ViaHeader via) {
        return Optional.ofNullable(via.getReceived()).orElse(via.getHost());
    }
}
