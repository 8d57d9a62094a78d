package io.mediaproxy.examples.stateless;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Decides where a stateless proxy forwards a request (RFC 3261 16.5, 16.6): along its Route; without one to the next
 * server; without that, and within the dialogs in whose route set the proxy is, to the Request-URI.
 *
 * <p>Thread-safe.
 */
public final class Routing {
    public static final int MAX_FORWARDS = 70;
    public static final int DEFAULT_PORT = 5060;

    /**
     * A parameter of the proxy's Record-Route. It marks the requests of a dialog, unlike a Route that a phone is
     * configured with.
     */
    public static final String OF_DIALOG = "in-dialog";

    private static final int MAX_PORT = 65_535;

    private final InetSocketAddress own;
    private final OwnAddresses ownAddresses;
    private final @Nullable InetSocketAddress next;

    /**
     * Creates the rules of one proxy.
     *
     * @param listening where the proxy listens, with the port of its socket
     * @param next the server in front of which the proxy stands; null for none
     * @throws IllegalArgumentException if the next server is the proxy
     */
    public Routing(ListenAddress listening, @Nullable InetSocketAddress next) {
        this.own = listening.reachable();
        this.ownAddresses = new OwnAddresses(listening);
        this.next = next;
        if (next != null && ownAddresses.contains(next)) {
            throw new IllegalArgumentException("the next server is the proxy at " + own);
        }
    }

    /**
     * The Route of a request, without the values at its beginning that name the proxy.
     *
     * @param readable whether it is a route to a loose router
     * @param ofDialog whether one of the proxy's own values came from its Record-Route
     * @param leadsOn whether another value follows
     * @param target the address in that value; null if it has none that can be reached
     */
    public record Route(
            boolean readable,
            boolean ofDialog,
            boolean leadsOn,
            @Nullable InetSocketAddress target) {
        public static final Route NONE = over(false);
        public static final Route UNREADABLE = new Route(false, false, false, null);

        public static Route over(boolean ofDialog) {
            return new Route(true, ofDialog, false, null);
        }

        public static Route to(@Nullable InetSocketAddress target, boolean ofDialog) {
            return new Route(true, ofDialog, true, target);
        }
    }

    /** The decision: one of the two is null. */
    public record Step(
            @Nullable InetSocketAddress target, @Nullable Refusal refusal) {
        private static Step to(InetSocketAddress target) {
            return new Step(target, null);
        }

        private static Step refused(Refusal refusal) {
            return new Step(null, refusal);
        }
    }

    /** Whether this is a UDP port to which a message can be sent. */
    public static boolean isPort(int port) {
        return port > 0 && port <= MAX_PORT;
    }

    /** Whether an address is one of the proxy's own; false for null. */
    public boolean isOwn(@Nullable InetSocketAddress address) {
        return address != null && ownAddresses.contains(address);
    }

    /** Returns the value of Max-Forwards for the next hop: the hop counts, and no request has more than 70 left. */
    public static int hopsAfter(int maxForwards) {
        return Math.min(maxForwards, MAX_FORWARDS) - 1;
    }

    /** The address in Via and Record-Route. */
    public InetSocketAddress own() {
        return own;
    }

    String sentBy() {
        return own.getAddress().getHostAddress() + ':' + own.getPort();
    }

    public String recordRouteUri() {
        return "sip:" + sentBy() + ";lr;" + OF_DIALOG;
    }

    /**
     * Decides about one request.
     *
     * @param sip whether the Request-URI has the scheme {@code sip}
     * @param uriTarget the address in the Request-URI; null if it has none that can be reached
     */
    public Step step(Route route, boolean sip, @Nullable InetSocketAddress uriTarget) {
        if (!route.readable()) {
            return Step.refused(Refusal.badRequest("Its Route Is Not A Loose One"));
        }
        if (route.leadsOn()) {
            return route.target() == null ? Step.refused(Refusal.UNREACHABLE) : Step.to(route.target());
        }
        if (next != null && !route.ofDialog()) {
            return Step.to(next);
        }
        if (!sip) {
            return Step.refused(Refusal.UNSUPPORTED_SCHEME);
        }
        if (uriTarget == null) {
            return Step.refused(Refusal.UNREACHABLE);
        }
        return isOwn(uriTarget) ? Step.refused(Refusal.NOT_FOUND) : Step.to(uriTarget);
    }
}
