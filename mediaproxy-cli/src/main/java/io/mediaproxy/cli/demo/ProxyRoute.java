package io.mediaproxy.cli.demo;

import java.net.InetSocketAddress;
import java.text.ParseException;
import java.util.Map;
import java.util.OptionalInt;
import javax.sip.InvalidArgumentException;
import javax.sip.SipException;
import javax.sip.address.SipURI;
import javax.sip.address.URI;
import javax.sip.header.MaxForwardsHeader;
import javax.sip.header.RouteHeader;
import javax.sip.message.Request;
import javax.sip.message.Response;

/**
 * Where a request goes on from the proxy: validation, route information and target of RFC 3261 16.3 to 16.6.
 *
 * <p>Immutable.
 *
 * @param endpoint the proxy itself
 * @param domain the domain that it serves
 * @param subscribers where its users are: what a registrar would know
 */
record ProxyRoute(SipEndpoint endpoint, String domain, Map<String, InetSocketAddress> subscribers) {
    private static final int MAX_FORWARDS = 70;

    ProxyRoute {
        subscribers = Map.copyOf(subscribers);
    }

    /**
     * Makes the copy that is forwarded ready for its next hop, all but its Via.
     *
     * @return the status of the refusal, if the request cannot go on
     */
    OptionalInt apply(Request onward) throws SipException, InvalidArgumentException, ParseException {
        MaxForwardsHeader hops = (MaxForwardsHeader) onward.getHeader(MaxForwardsHeader.NAME);
        if (hops == null) {
            onward.setHeader(endpoint.headers().createMaxForwardsHeader(MAX_FORWARDS));
        } else if (hops.getMaxForwards() == 0) {
            return OptionalInt.of(Response.TOO_MANY_HOPS);
        } else {
            hops.setMaxForwards(hops.getMaxForwards() - 1);
        }
        RouteHeader top = (RouteHeader) onward.getHeader(RouteHeader.NAME);
        if (top != null && isUs(top.getAddress().getURI())) {
            onward.removeFirst(RouteHeader.NAME);
        }
        if (onward.getRequestURI() instanceof SipURI target && target.getHost().equalsIgnoreCase(domain)) {
            InetSocketAddress contact = subscribers.get(String.valueOf(target.getUser()));
            if (contact == null) {
                return OptionalInt.of(Response.NOT_FOUND);
            }
            onward.setRequestURI(endpoint.uri(target.getUser(), contact));
        }
        if (onward.getMethod().equals(Request.INVITE)) {
            onward.addFirst(endpoint.headers()
                    .createRecordRouteHeader(
                            endpoint.addresses().createAddress(endpoint.looseRoute(endpoint.address()))));
        }
        return OptionalInt.empty();
    }

    private boolean isUs(URI uri) {
        return uri instanceof SipURI sip
                && sip.getHost().equals(endpoint.address().getAddress().getHostAddress())
                && sip.getPort() == endpoint.address().getPort();
    }
}
