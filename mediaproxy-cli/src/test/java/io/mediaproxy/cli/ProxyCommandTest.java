package io.mediaproxy.cli;

import static io.mediaproxy.cli.Ran.mediaproxy;
import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.embedded.EmbeddedDispatcher;
import io.mediaproxy.embedded.EmbeddedRelay;
import io.mediaproxy.examples.phone.Phone;
import io.mediaproxy.examples.phone.SipText;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(90)
class ProxyCommandTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    --listen=5060                    | invalid --listen "5060": expected an IPv4 address or a host name
                    --listen=[::1]:5060              | expected an IPv4 address or a host name
                    --listen=127.0.0.1:65536         | expected an address and a port such as 192.0.2.1:5060
                    --listen=127.0.0.1:sip           | expected an address and a port such as 192.0.2.1:5060
                    --listen=224.0.0.1:5060          | expected an address that others can send to
                    --next=no-such-host.invalid      | expected a host name that can be resolved
                    --advertise=0.0.0.0              | expected an address that others can send to
                    --next=127.0.0.2 --advertise=127.0.0.2 | invalid --next "127.0.0.2:5060": expected another server
                    --next=127.0.0.1:0               | invalid --next "127.0.0.1:0": expected a port
                    --next=127.0.0.1:5060            | invalid --next "127.0.0.1:5060": expected another server
                    --socket=/tmp/x --embedded       | --socket and --embedded name two dispatchers
                    --socket=/tmp/x --socket=/tmp/x  | --socket names the same dispatcher twice
                    --statistics-interval=-1         | invalid --statistics-interval "-1": expected 0 to 86400
                    --warm-up=61                     | invalid --warm-up "61": expected 0 to 60
                    --stack=sipp                     | invalid --stack "sipp": expected one of
                    --socket=/no/such/folder/d.sock  | no such directory for a socket: /no/such/folder
                    """)
    void shouldRefuseInOneLineWhatItCannotUse(String options, String reason) {
        String[] arguments = ("proxy " + options).split(" ", -1);
        Ran ran = mediaproxy(arguments);

        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.err()).startsWith("mediaproxy: ").contains(reason).hasLineCount(1);
        assertThat(ran.out()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"pkts", "jainsip"})
    void shouldRefuseAPortThatIsInUse(String stack) throws Exception {
        try (DatagramSocket taken = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            Ran ran = mediaproxy("proxy", "--warm-up=0", "--stack", stack, "--listen", address);

            assertThat(ran.exitCode()).isEqualTo(2);
            assertThat(ran.err())
                    .startsWith("mediaproxy: cannot listen at " + address + ": ")
                    .hasLineCount(1);
        }
    }

    @Test
    void shouldRefuseAFileThatIsNoSocket(@TempDir Path folder) throws Exception {
        Path file = Files.createFile(folder.resolve("d.sock"));
        Ran ran = mediaproxy("proxy", "--socket", file.toString());

        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.err()).contains("not a socket: " + file).hasLineCount(1);
    }

    /** A machine without a network, or with several, requires the option. */
    @Test
    void shouldListenAtAllAddressesIfItKnowsTheOneToAdvertise() throws Exception {
        List<String> reachable = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                .map(InetAddress::getHostAddress)
                .toList();
        if (reachable.size() == 1) {
            try (ServerProcess proxy = new ServerProcess("proxy", "--listen=0.0.0.0:0")) {
                assertThat(proxy.greeting()).startsWith("listening on 0.0.0.0:").contains(reachable.get(0));
            }
        } else {
            Ran ran = mediaproxy("proxy", "--listen=0.0.0.0:0");
            assertThat(ran.exitCode()).isEqualTo(2);
            assertThat(ran.err())
                    .contains("--listen 0.0.0.0 requires --advertise")
                    .hasLineCount(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pkts", "jainsip"})
    void shouldTakeHostNamesAndRelayThroughTheAdvertisedAddress(String stack) throws Exception {
        InetSocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (Phone bob = new Phone("bob", "192.168.1.2", loopback);
                ServerProcess proxy = new ServerProcess(
                        "proxy",
                        "--listen=0.0.0.0:0",
                        "--advertise=127.0.0.7",
                        "--next=localhost:" + bob.address().getPort(),
                        "--stack=" + stack);
                Phone alice = new Phone(
                        "alice",
                        "10.0.0.1",
                        new InetSocketAddress(
                                loopback.getAddress(), proxy.address().getPort()))) {
            String us = "127.0.0.7:" + proxy.address().getPort();
            alice.invite(bob, alice.sdp(5010));
            SipText invite = bob.expect("INVITE");
            assertThat(invite.headers("Via").get(0)).contains(us);
            assertThat(invite.headers("Record-Route"))
                    .singleElement()
                    .asString()
                    .contains(us);
            assertThat(invite.media()).startsWith("127.0.0.7:");

            bob.respond(invite, 200, bob.sdp(6010));
            assertThat(alice.expect("SIP/2.0 200").media()).startsWith("127.0.0.7:");
            alice.request("ACK", ""); // to the advertised address
            bob.expect("ACK");
            bob.request("BYE", "");
            alice.respond(alice.expect("BYE"), 200, "");
            bob.expect("SIP/2.0 200");
        }
    }

    @ParameterizedTest
    @CsvSource({"pkts, 127.0.0.1", "pkts, 127.0.0.7", "jainsip, 127.0.0.1", "jainsip, 127.0.0.7"})
    void shouldHangUpOnBothPartiesOfACallWhoseMediaStopped(String stack, String advertised, @TempDir Path folder)
            throws Exception {
        AtomicLong nanos = new AtomicLong();
        Path backChannel = folder.resolve("socket");
        InetSocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (EmbeddedRelay relay = EmbeddedRelay.builder().clock(nanos::get).start();
                EmbeddedDispatcher dispatcher = EmbeddedDispatcher.builder()
                        .relays(relay)
                        .openSipsSocket(backChannel)
                        .start();
                Phone bob = new Phone("bob", "192.168.1.2", loopback);
                ServerProcess proxy = new ServerProcess(
                        "proxy",
                        "--stack=" + stack,
                        "--listen=0.0.0.0:0",
                        "--advertise=" + advertised,
                        "--next=" + Addresses.text(bob.address()),
                        "--socket=" + dispatcher.socket(),
                        "--back-channel=" + backChannel);
                Phone alice = new Phone(
                        "alice",
                        "10.0.0.1",
                        new InetSocketAddress(
                                loopback.getAddress(), proxy.address().getPort()))) {
            alice.invite(bob, alice.sdp(5010));
            SipText invite = bob.expect("INVITE");
            bob.respond(invite, 200, bob.sdp(6010));
            SipText answer = alice.expect("SIP/2.0 200");
            alice.request("ACK", "");
            bob.expect("ACK");

            nanos.addAndGet(Duration.ofMinutes(2).toNanos());
            dispatcher.expireNow();

            SipText toAlice = alice.expect("BYE");
            SipText toBob = bob.expect("BYE");
            assertThat(toAlice.header("From")).isEqualTo(answer.header("To"));
            assertThat(toAlice.header("To")).isEqualTo(invite.header("From"));
            assertThat(toAlice.header("Call-ID")).isEqualTo(alice.callId());
            assertThat(toBob.header("From")).isEqualTo(invite.header("From"));
            assertThat(toBob.header("To")).isEqualTo(answer.header("To"));
            for (SipText bye : List.of(toAlice, toBob)) {
                assertThat(bye.headers("Via"))
                        .singleElement()
                        .asString()
                        .startsWith("SIP/2.0/UDP " + advertised + ":"
                                + proxy.address().getPort() + ";");
            }
            assertThat(toBob.headers("Route")).isEmpty();
            alice.respond(toAlice, 200, "");
            bob.respond(toBob, 200, "");
        }
    }

    @Test
    void shouldRefuseABackChannelWhoseDirectoryIsMissing(@TempDir Path folder) {
        Ran ran = mediaproxy(
                "proxy",
                "--listen=127.0.0.1:0",
                "--socket=" + folder.resolve("d.sock"),
                "--back-channel=/no/such/folder/socket");

        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.err())
                .contains("cannot listen on /no/such/folder/socket: the directory /no/such/folder does not exist");
    }

    @Test
    void shouldStateItsLimits() {
        assertThat(mediaproxy("proxy", "--help").out().replaceAll("\\s+", " "))
                .contains("It is a showcase")
                .contains("no registrar and no authentication");
    }

    @ParameterizedTest
    @ValueSource(strings = {"pkts", "jainsip"})
    @DisabledOnOs(OS.WINDOWS) // has no such signal
    void shouldEndOnSigtermWithItsTotals(String stack) throws Exception {
        try (EmbeddedDispatcher dispatcher = EmbeddedDispatcher.start();
                ServerProcess proxy = new ServerProcess(
                        "proxy",
                        "--statistics-interval=0",
                        "--stack",
                        stack,
                        "--socket",
                        dispatcher.socket().toString())) {
            List<String> lines = proxy.terminate();

            assertThat(lines).singleElement().asString().startsWith("total: calls 0 (0.0/s), up 0, messages 0 ");
            assertThat(proxy.exitCode()).isEqualTo(143);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pkts", "jainsip"})
    @DisabledOnOs(OS.WINDOWS)
    void shouldShowNothingOfItsRehearsal(String stack, @TempDir Path folder) throws Exception {
        Path errors = folder.resolve("errors");
        try (ServerProcess proxy = new ServerProcess(
                List.of(),
                ProcessBuilder.Redirect.to(errors.toFile()),
                "proxy",
                "--statistics-interval=0",
                "--warm-up=1",
                "--stack=" + stack)) {
            List<String> lines = proxy.terminate();

            assertThat(lines)
                    .singleElement()
                    .asString()
                    .startsWith("total: calls 0 (0.0/s), up 0, sessions 0, messages 0 ");
            assertThat(errors).isEmptyFile();
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void shouldUseSeveralDispatchers() throws Exception {
        try (EmbeddedDispatcher one = EmbeddedDispatcher.start();
                EmbeddedDispatcher other = EmbeddedDispatcher.start();
                ServerProcess proxy = new ServerProcess(
                        "proxy",
                        "--statistics-interval=0",
                        "--socket",
                        one.socket().toString(),
                        "--socket",
                        other.socket().toString())) {
            assertThat(proxy.greeting()).endsWith("dispatcher " + one.socket() + ", " + other.socket());
            proxy.terminate();
        }
    }
}
