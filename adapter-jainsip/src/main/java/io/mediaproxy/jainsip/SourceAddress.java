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

/** Which IP address a message came from, as far as {@code javax.sip} tells. */
final class SourceAddress {
    private SourceAddress() {}

    /** The address of the sender, as the topmost Via has it (RFC 3261 18.2.1); empty: there is none. */
    static String of(Request request) {
        return request.getHeader(ViaHeader.NAME) instanceof ViaHeader via ? sender(via) : "";
    }

    /**
     * {@code javax.sip} does not tell where a response came from; it came from where its request went. Without a transaction the
     * sender of that request stands in, whom the second Via names.
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
