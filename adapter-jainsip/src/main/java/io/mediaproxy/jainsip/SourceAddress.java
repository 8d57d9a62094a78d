package io.mediaproxy.jainsip;

import gov.nist.javax.sip.message.SIPMessage;
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

/** Finds the IP address from which a message came, as far as the stack provides it. */
final class SourceAddress {
    private SourceAddress() {}

    /**
     * Returns the address of the datagram or connection. For a request that did not come from the network, returns the
     * sender's address in the topmost Via (RFC 3261 18.2.1), or nothing if there is none.
     */
    static String of(Request request) {
        if (request instanceof SIPMessage message && message.getRemoteAddress() != null) {
            return message.getRemoteAddress().getHostAddress();
        }
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
