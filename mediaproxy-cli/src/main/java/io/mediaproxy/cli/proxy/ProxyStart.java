package io.mediaproxy.cli.proxy;

import io.mediaproxy.examples.ProxyEvents;
import io.mediaproxy.examples.SipServer;
import io.mediaproxy.examples.stateless.ListenAddress;
import io.mediaproxy.session.MediaProxy;
import java.io.IOException;
import java.net.InetSocketAddress;
import javax.sip.SipException;
import org.jspecify.annotations.Nullable;

/** Starts a proxy on one of the stacks. Thread-safe. */
@FunctionalInterface
public interface ProxyStart {
    /**
     * Starts the proxy.
     *
     * @param next the server to which requests without a Route go; null if their Request-URI names the address
     * @param mediaProxy remains the caller's to close, after the proxy
     * @throws IOException if the address cannot be bound
     */
    SipServer start(ListenAddress listen, @Nullable InetSocketAddress next, MediaProxy mediaProxy, ProxyEvents events)
            throws IOException, SipException;
}
