package io.mediaproxy.jainsip.example;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.embedded.EmbeddedDispatcher;
import io.mediaproxy.embedded.EmbeddedRelay;
import io.mediaproxy.jainsip.JainSipMediaProxy;
import io.mediaproxy.protocol.backchannel.BackChannelConfig;
import io.mediaproxy.session.MediaProxy;
import io.mediaproxy.session.Outcome;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import javax.sip.address.SipURI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The relay's timer ends a call: both phones get a BYE, from a proxy and from a B2BUA. */
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
    void shouldHangUpOnBothAsTheOtherPartyWouldWhereTheServerHasNoDialogs() throws Exception {
        timeOut(false, ExampleProxy::new);
    }

    @Test
    void shouldHangUpOnBothInTheDialogsOfAB2bua() throws Exception {
        timeOut(true, ExampleB2bua::new);
    }

    private void timeOut(boolean dialogs, BiFunction<ExampleStack, UnaryOperator<SipURI>, ExampleServer> example)
            throws Exception {
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
                ExampleStack sip = new ExampleStack(ANY_PORT, dialogs);
                Phone alice = new Phone("alice", "10.0.0.1", sip.address);
                Phone bob = new Phone("bob", "192.168.1.2", sip.address)) {
            sip.provider.addSipListener(new JainSipMediaProxy(mediaProxy)
                    .engage(example.apply(sip, callee -> uri(sip, bob.address()))));
            mediaProxy.engagedCalls().onEnded((callId, removal) -> {
                assertThat(callId).isEqualTo(alice.callId());
                CompletableFuture<?> unused = removal.thenAccept(result -> removed.complete(result.outcome()));
            });
            call(alice, bob);

            nanos.addAndGet(Duration.ofMinutes(2).toNanos());
            dispatcher.expireNow();

            SipText toAlice = alice.expect("BYE");
            SipText toBob = bob.expect("BYE");
            assertThat(toAlice.header("Call-ID")).isEqualTo(alice.callId());
            alice.reply(toAlice, 200, "");
            bob.reply(toBob, 200, "");
            assertThat(removed).succeedsWithin(PATIENCE).isEqualTo(Outcome.REMOVED);
            assertThat(dispatcher.sessions()).isEmpty();
            assertThat(mediaProxy.engagedCalls().size()).isZero();
        }
    }

    private static void call(Phone alice, Phone bob) {
        alice.invite(bob, alice.sdp(5010));
        bob.reply(bob.expect("INVITE"), 200, bob.sdp(6010));
        alice.expect("SIP/2.0 200");
        alice.request("ACK", "");
        bob.expect("ACK");
    }

    private static SipURI uri(ExampleStack sip, InetSocketAddress address) {
        try {
            return sip.uri(address);
        } catch (ParseException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
