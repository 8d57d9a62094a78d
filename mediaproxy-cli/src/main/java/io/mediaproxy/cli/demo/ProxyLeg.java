package io.mediaproxy.cli.demo;

import javax.sip.ClientTransaction;
import javax.sip.ServerTransaction;
import javax.sip.SipException;
import javax.sip.SipProvider;
import javax.sip.message.Request;

/**
 * One request on its way through the proxy: the transaction it came in and the one it went out (RFC 3261 16.2, response context).
 *
 * <p>Confined to the proxy's thread.
 */
final class ProxyLeg {
    private final ServerTransaction upstream;
    private final ClientTransaction downstream;
    private boolean provisionalSeen;
    private boolean cancelled;
    private boolean cancelSent;

    ProxyLeg(ServerTransaction upstream, ClientTransaction downstream) {
        this.upstream = upstream;
        this.downstream = downstream;
    }

    ServerTransaction upstream() {
        return upstream;
    }

    /** The caller gave up: the callee is told as soon as it has shown a sign of life (RFC 3261 9.1). */
    void cancel(SipProvider provider) throws SipException {
        cancelled = true;
        sendCancelIfDue(provider);
    }

    /** The callee answered with 1xx. */
    void provisional(SipProvider provider) throws SipException {
        provisionalSeen = true;
        sendCancelIfDue(provider);
    }

    private void sendCancelIfDue(SipProvider provider) throws SipException {
        if (cancelled && provisionalSeen && !cancelSent) {
            cancelSent = true;
            Request cancel = downstream.createCancel();
            provider.getNewClientTransaction(cancel).sendRequest();
        }
    }
}
