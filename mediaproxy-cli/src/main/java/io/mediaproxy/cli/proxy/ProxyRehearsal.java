package io.mediaproxy.cli.proxy;

import io.mediaproxy.embedded.EmbeddedDispatcher;
import io.mediaproxy.embedded.EmbeddedRelay;
import io.mediaproxy.examples.ProxyEvents;
import io.mediaproxy.examples.SipServer;
import io.mediaproxy.examples.phone.Phone;
import io.mediaproxy.examples.phone.SipText;
import io.mediaproxy.examples.stateless.ListenAddress;
import io.mediaproxy.protocol.log.Log;
import io.mediaproxy.session.MediaProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import javax.sip.SipException;

/**
 * Makes calls through a proxy that exists only for this, with a dispatcher, a relay and two phones in this process. So
 * the stack's threads and sockets and the dispatcher's client are loaded and compiled, too, which
 * {@link MediaProxy#warmUp()} does not reach. Not thread-safe.
 */
public final class ProxyRehearsal {
    private static final Log LOG = Log.of(ProxyRehearsal.class);
    /** The first command waits for its classes. */
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final SipServer proxy;
    private final Phone callee;

    private ProxyRehearsal(SipServer proxy, Phone callee) {
        this.proxy = proxy;
        this.callee = callee;
    }

    /**
     * Makes as many calls as the time allows. If it fails, which is logged, the first calls of the real proxy are slow.
     *
     * @param limit the time for the calls
     */
    public static void run(ProxyStart start, Duration limit) {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (EmbeddedRelay relay = EmbeddedRelay.builder().start();
                EmbeddedDispatcher dispatcher =
                        EmbeddedDispatcher.builder().relays(relay).start();
                MediaProxy mediaProxy = MediaProxy.builder()
                        .dispatcherSocket(dispatcher.socket())
                        .timeout(TIMEOUT)
                        .build();
                Phone callee = new Phone("bob", "10.0.1.2", anyPort);
                SipServer proxy =
                        start.start(ListenAddress.at(anyPort), callee.address(), mediaProxy, ProxyEvents.NONE)) {
            new ProxyRehearsal(proxy, callee).play(limit);
        } catch (IOException | UncheckedIOException | IllegalStateException | SipException e) {
            LOG.warn("the rehearsal failed, the first calls will be slow", e);
        }
    }

    private void play(Duration limit) throws IOException {
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < limit.toNanos()) {
            call();
        }
    }

    private void call() throws IOException {
        try (Phone caller = new Phone("alice", "10.0.1.1", proxy.address())) {
            caller.invite(callee, caller.sdp(49_170));
            SipText invite = callee.expect("INVITE");
            callee.respond(invite, 180, "");
            caller.expect("SIP/2.0 180");
            callee.respond(invite, 200, callee.sdp(49_180));
            caller.expect("SIP/2.0 200");
            caller.request("ACK", "");
            callee.expect("ACK");
            caller.request("BYE", "");
            callee.respond(callee.expect("BYE"), 200, "");
            caller.expect("SIP/2.0 200");
        }
    }
}
