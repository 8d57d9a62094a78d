package io.mediaproxy.examples.jainsip;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.embedded.EmbeddedDispatcher;
import io.mediaproxy.embedded.EmbeddedRelay;
import io.mediaproxy.examples.SipServer;
import io.mediaproxy.examples.jainsip.b2bua.ExampleB2bua;
import io.mediaproxy.examples.jainsip.proxy.ExampleProxy;
import io.mediaproxy.examples.phone.Phone;
import io.mediaproxy.examples.phone.SipText;
import io.mediaproxy.protocol.backchannel.BackChannelConfig;
import io.mediaproxy.session.MediaProxy;
import io.mediaproxy.session.Outcome;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The relay's timer ends a call: both phones receive a BYE, from a proxy and from a B2BUA. */
class MediaTimeoutTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final AtomicLong nanos = new AtomicLong();
    private final CompletableFuture<Outcome> removed = new CompletableFuture<>();
    private final Path folder;

    MediaTimeoutTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void shouldHangUpOnBothPartiesOfAProxy() throws Exception {
        timeOut(ExampleProxy::start);
    }

    @Test
    void shouldHangUpInBothDialogsOfAB2bua() throws Exception {
        timeOut(ExampleB2bua::start);
    }

    private void timeOut(ExampleUnderTest.Start example) throws Exception {
        CompletableFuture<InetSocketAddress> callee = new CompletableFuture<>();
        Path backChannel = folder.resolve("socket");
        try (EmbeddedRelay relay = EmbeddedRelay.builder().clock(nanos::get).start();
                EmbeddedDispatcher dispatcher = EmbeddedDispatcher.builder()
                        .relays(relay)
                        .openSipsSocket(backChannel)
                        .start();
                MediaProxy mediaProxy = MediaProxy.builder()
                        .dispatcherSocket(dispatcher.socket())
                        .timeout(PATIENCE)
                        .backChannel(BackChannelConfig.builder(backChannel).build())
                        .build();
                SipServer server = example.start(ANY_PORT, uri -> callee.join(), mediaProxy);
                Phone alice = new Phone("alice", "10.0.0.1", server.address());
                Phone bob = new Phone("bob", "192.168.1.2", server.address())) {
            callee.complete(bob.address());
            mediaProxy.engagedCalls().onEnded((ended, removal) -> {
                assertThat(ended.callId()).isEqualTo(alice.callId());
                CompletableFuture<?> unused = removal.thenAccept(result -> removed.complete(result.outcome()));
            });
            call(alice, bob);

            nanos.addAndGet(Duration.ofMinutes(2).toNanos());
            dispatcher.expireNow();

            SipText toAlice = alice.expect("BYE");
            SipText toBob = bob.expect("BYE");
            assertThat(toAlice.header("Call-ID")).isEqualTo(alice.callId());
            alice.respond(toAlice, 200, "");
            bob.respond(toBob, 200, "");
            assertThat(removed).succeedsWithin(PATIENCE).isEqualTo(Outcome.REMOVED);
            assertThat(dispatcher.sessions()).isEmpty();
            assertThat(mediaProxy.engagedCalls().size()).isZero();
        }
    }

    private static void call(Phone alice, Phone bob) {
        alice.invite(bob, alice.sdp(5010));
        bob.respond(bob.expect("INVITE"), 200, bob.sdp(6010));
        alice.expect("SIP/2.0 200");
        alice.request("ACK", "");
        bob.expect("ACK");
    }
}
