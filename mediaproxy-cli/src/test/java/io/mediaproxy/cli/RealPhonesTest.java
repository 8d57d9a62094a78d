package io.mediaproxy.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mediaproxy.cli.phones.Baresip;
import io.mediaproxy.embedded.EmbeddedDispatcher;
import io.mediaproxy.embedded.EmbeddedRelay;
import io.mediaproxy.embedded.report.SessionStatistics;
import io.mediaproxy.embedded.report.StreamStatistics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two real phones call each other through {@code mediaproxy proxy} on both stacks. The packets are counted at the
 * relay's ports and at the phones. Needs baresip; {@code -Pphones} runs it. ICE has no candidates on 127.0.0.1, so that
 * its cases need another address of this machine: {@code -Dphones.address=}.
 */
@Tag("phones")
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RealPhonesTest {
    private static final int TALK_MILLIS = 2000;

    /** 20 ms each; some come before the relay knows both phones, or before the keys are agreed. */
    private static final int ENOUGH_PACKETS = TALK_MILLIS / 20 / 2;

    private static final String ADDRESS = System.getProperty("phones.address", "127.0.0.1");

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit before each test
    Path folder;

    private final BlockingQueue<SessionStatistics> sessions = new LinkedBlockingQueue<>();

    @BeforeEach
    void requirePhones() {
        assumeTrue(Baresip.isInstalled(), "baresip is not installed");
    }

    /** The packets of a call. */
    private record Heard(long relayedFromCaller, long relayedFromCallee, int caller, int callee) {}

    @FunctionalInterface
    private interface Talk {
        void run(Baresip alice, Baresip bob) throws IOException, InterruptedException;
    }

    @ParameterizedTest
    @CsvSource({"pkts, ''", "pkts, ;mediaenc=srtp", "jainsip, ''", "jainsip, ;mediaenc=srtp"})
    void shouldCarryTheAudioOfPlainPhones(String stack, String account) throws Exception {
        Heard heard = call(stack, "none", account, (alice, bob) -> {
            talk();
            alice.command("hangup", "");
        });

        assertThat(heard.relayedFromCaller()).isGreaterThan(ENOUGH_PACKETS);
        assertThat(heard.relayedFromCallee()).isGreaterThan(ENOUGH_PACKETS);
        assertThat(heard.caller()).isGreaterThan(ENOUGH_PACKETS);
        assertThat(heard.callee()).isGreaterThan(ENOUGH_PACKETS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pkts", "jainsip"})
    void shouldCarryTheAudioAfterHoldAndLetTheCalleeHangUp(String stack) throws Exception {
        Heard heard = call(stack, "none", "", (alice, bob) -> {
            talk();
            alice.command("hold", "");
            bob.await("CALL_REMOTE_SDP");
            alice.command("resume", "");
            bob.await("CALL_REMOTE_SDP");
            talk();
            bob.command("hangup", "");
        });

        assertThat(heard.caller()).isGreaterThan(2 * ENOUGH_PACKETS);
        assertThat(heard.callee()).isGreaterThan(2 * ENOUGH_PACKETS);
    }

    /** The candidates of a phone are those of the other one; the relay's address is none of them. */
    @ParameterizedTest
    @ValueSource(strings = {"pkts", "jainsip"})
    void shouldLeavePhonesWithIceWithoutAudioIfTheRelayIsNoCandidate(String stack) throws Exception {
        Heard heard = callWithIce(stack, "none");

        assertThat(heard.caller()).isLessThan(ENOUGH_PACKETS);
        assertThat(heard.callee()).isLessThan(ENOUGH_PACKETS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pkts", "jainsip"})
    void shouldLetPhonesWithIceTalkDirectlyIfTheRelayHasLowPriority(String stack) throws Exception {
        Heard heard = callWithIce(stack, "low-priority");

        assertThat(heard.caller()).isGreaterThan(ENOUGH_PACKETS);
        assertThat(heard.callee()).isGreaterThan(ENOUGH_PACKETS);
        assertThat(heard.relayedFromCaller()).isLessThan(ENOUGH_PACKETS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pkts", "jainsip"})
    void shouldCarryTheAudioOfPhonesWithIceIfTheRelayHasHighPriority(String stack) throws Exception {
        Heard heard = callWithIce(stack, "high-priority");

        assertThat(heard.caller()).isGreaterThan(ENOUGH_PACKETS);
        assertThat(heard.callee()).isGreaterThan(ENOUGH_PACKETS);
        assertThat(heard.relayedFromCallee()).isGreaterThan(ENOUGH_PACKETS);
        // The handshake. After it, baresip's caller now and then prefers the address from which the callee's check
        // came.
        assertThat(heard.relayedFromCaller()).isPositive();
    }

    private Heard callWithIce(String stack, String iceCandidate) throws Exception {
        assumeTrue(!ADDRESS.startsWith("127."), "ICE needs -Dphones.address=, an address that is not 127.0.0.1");
        return call(stack, iceCandidate, ";medianat=ice;mediaenc=dtls_srtp", (alice, bob) -> {
            if (!iceCandidate.equals("none")) {
                alice.await("CALL_RTPESTAB");
                bob.await("CALL_RTPESTAB");
            }
            talk();
            alice.command("hangup", "");
        });
    }

    /** A call from Alice to Bob. */
    private Heard call(String stack, String iceCandidate, String account, Talk talk) throws Exception {
        try (EmbeddedRelay relay = EmbeddedRelay.builder().bindAddress(ADDRESS).start();
                EmbeddedDispatcher dispatcher = EmbeddedDispatcher.builder()
                        .relays(relay)
                        .sessionListener(sessions::add)
                        .start();
                ServerProcess proxy = new ServerProcess(
                        "proxy",
                        "--listen=" + ADDRESS + ":0",
                        "--socket=" + dispatcher.socket(),
                        "--stack=" + stack,
                        "--ice-candidate=" + iceCandidate);
                Baresip alice = Baresip.start(home("alice"), "alice", proxy.address(), account);
                Baresip bob = Baresip.start(home("bob"), "bob", proxy.address(), account)) {
            alice.call("bob", bob);
            alice.await("CALL_ESTABLISHED");
            bob.await("CALL_ESTABLISHED");
            talk.run(alice, bob);
            alice.await("CALL_CLOSED");
            bob.await("CALL_CLOSED");

            SessionStatistics session = sessions.poll(10, TimeUnit.SECONDS);
            assertThat(session).as("the session ends with the call").isNotNull();
            assertThat(session.timedOut()).isFalse();
            Heard heard = new Heard(packets(session, true), packets(session, false), alice.quit(), bob.quit());
            System.out.println("phones: " + stack + ", ice_candidate " + iceCandidate + account + ": " + heard);
            return heard;
        }
    }

    private Path home(String user) throws IOException {
        return Files.createDirectories(folder.resolve(user));
    }

    private static long packets(SessionStatistics session, boolean ofCaller) {
        List<StreamStatistics.End> ends = new ArrayList<>();
        session.streams().forEach(stream -> ends.add(ofCaller ? stream.caller() : stream.callee()));
        return ends.stream().mapToLong(StreamStatistics.End::packets).sum();
    }

    /** The phones talk in real time. */
    private static void talk() throws InterruptedException {
        Thread.sleep(TALK_MILLIS);
    }
}
