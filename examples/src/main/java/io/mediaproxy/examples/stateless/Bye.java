package io.mediaproxy.examples.stateless;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mediaproxy.examples.stateless.Forwarding.Onward;
import io.mediaproxy.session.DialogParty;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The BYE that a proxy sends to a party, as the other one would send it (RFC 3261 12.2.1.1). Its response ends at the
 * proxy. A stateless proxy does not repeat it. Not thread-safe.
 */
public final class Bye {
    private final Routing routing;
    private final RouteValue value = new RouteValue();

    public Bye(Routing routing) {
        this.routing = routing;
    }

    /**
     * To the caller, whose INVITE named the nearest server first, and the proxy before it if it had its Record-Route
     * already. Null if it names no address.
     */
    public @Nullable Onward toCaller(String callId, DialogParty caller, DialogParty callee) {
        List<String> routes = caller.recordRoutes().stream()
                .filter(route -> !routing.isOwn(target(route)))
                .toList();
        return bye(callId, callee, caller, routes);
    }

    /**
     * To the callee, whose response named all servers up to the caller: the way to it are those that come before the
     * proxy. Null if it names no address.
     */
    public @Nullable Onward toCallee(String callId, DialogParty caller, DialogParty callee) {
        List<String> routes = new ArrayList<>();
        for (String route : callee.recordRoutes()) {
            if (routing.isOwn(target(route))) {
                break;
            }
            routes.add(0, route);
        }
        return bye(callId, caller, callee, routes);
    }

    private @Nullable Onward bye(String callId, DialogParty from, DialogParty to, List<String> routes) {
        InetSocketAddress target = target(routes.isEmpty() ? to.contact() : routes.get(0));
        String uri = uri(to.contact());
        if (target == null || uri == null || routing.isOwn(target)) {
            return null;
        }
        StringBuilder bye = new StringBuilder("BYE " + uri + " SIP/2.0\r\n")
                .append("Via: SIP/2.0/UDP " + routing.sentBy() + ";branch=" + Branch.MAGIC_COOKIE + UUID.randomUUID())
                .append("\r\nMax-Forwards: " + Routing.MAX_FORWARDS + "\r\n");
        routes.forEach(route -> bye.append("Route: " + route + "\r\n"));
        bye.append("From: " + from.address() + "\r\nTo: " + to.address() + "\r\nCall-ID: " + callId)
                .append("\r\nCSeq: " + (from.cseq() + 1) + " BYE\r\nContent-Length: 0\r\n\r\n");
        return new Onward(ByteBuffer.wrap(bye.toString().getBytes(UTF_8)), target);
    }

    private @Nullable InetSocketAddress target(String address) {
        String uri = uri(address);
        return uri == null ? null : UriTarget.parse(uri.getBytes(UTF_8), 0, uri.getBytes(UTF_8).length);
    }

    /** The URI in a value of Contact or Record-Route, with or without angle brackets. */
    private @Nullable String uri(String address) {
        byte[] bytes = address.getBytes(UTF_8);
        if (value.read(bytes, 0, bytes.length)) {
            return new String(bytes, value.uriStart(), value.uriEnd() - value.uriStart(), UTF_8);
        }
        return address.startsWith("sip:") ? address.split(";", 2)[0] : null;
    }
}
