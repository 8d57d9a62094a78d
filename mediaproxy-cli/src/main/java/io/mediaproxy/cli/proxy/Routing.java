package io.mediaproxy.cli.proxy;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where requests go from a proxy (RFC 3261 16.5, 16.6): along their Route; else to the server that it stands before; else, and
 * within the dialogs that it is on the route of, to the Request-URI.
 *
 * @param own where the proxy listens
 * @param next the server that it stands before; null: there is none
 */
record Routing(InetSocketAddress own, @Nullable InetSocketAddress next) {
    static final int MAX_FORWARDS = 70;

    /** In our Record-Route: tells a request of a dialog from one that only was told to come here first. */
    static final String OF_DIALOG = "in-dialog";

    /**
     * The Route of a request, without ourselves at its beginning.
     *
     * @param readable whether it is a route, and a loose one
     * @param ofDialog whether we were there because we record routes
     * @param leadsOn whether somebody comes behind us
     * @param target who; null: nobody that can be reached
     */
    record Route(
            boolean readable,
            boolean ofDialog,
            boolean leadsOn,
            @Nullable InetSocketAddress target) {
        static final Route NONE = over(false);
        static final Route UNREADABLE = new Route(false, false, false, null);

        static Route over(boolean ofDialog) {
            return new Route(true, ofDialog, false, null);
        }

        static Route to(@Nullable InetSocketAddress target, boolean ofDialog) {
            return new Route(true, ofDialog, true, target);
        }
    }

    /** Either of them is null. */
    record Step(
            @Nullable InetSocketAddress target, @Nullable Refusal refusal) {
        private static Step to(InetSocketAddress target) {
            return new Step(target, null);
        }

        private static Step refused(Refusal refusal) {
            return new Step(null, refusal);
        }
    }

    String sentBy() {
        return own.getAddress().getHostAddress() + ':' + own.getPort();
    }

    String recordRouteUri() {
        return "sip:" + sentBy() + ";lr;" + OF_DIALOG;
    }

    Step step(Route route, byte[] array, int uriStartInclusive, int uriEndExclusive) {
        if (!route.readable()) {
            return Step.refused(Refusal.badRequest("Its Route Is Not A Loose One"));
        }
        if (route.leadsOn()) {
            return route.target() == null ? Step.refused(Refusal.UNREACHABLE) : Step.to(route.target());
        }
        if (next != null && !route.ofDialog()) {
            return Step.to(next);
        }
        if (!UriTarget.isSip(array, uriStartInclusive, uriEndExclusive)) {
            return Step.refused(Refusal.UNSUPPORTED_SCHEME);
        }
        InetSocketAddress target = UriTarget.parse(array, uriStartInclusive, uriEndExclusive);
        if (target == null) {
            return Step.refused(Refusal.UNREACHABLE);
        }
        return target.equals(own) ? Step.refused(Refusal.NOT_FOUND) : Step.to(target);
    }
}
