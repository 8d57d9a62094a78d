package io.mediaproxy.examples.stateless;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.mediaproxy.fuzzing.CheckedDispatcher;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Takes any datagram through the rules of the stateless proxy. Each one causes at most one message, to the next server,
 * to the address in its Route or Request-URI, or back to where it came from.
 */
class ForwardingFuzzTest {
    private static final InetSocketAddress OWN = at(192, 0, 2, 1, 5060);
    private static final InetSocketAddress SOURCE = at(198, 51, 100, 7, 5062);
    private static final InetSocketAddress NEXT = at(203, 0, 113, 9, 5070);

    private final StatelessForwarding toNext = new StatelessForwarding(new Routing(ListenAddress.at(OWN), NEXT));
    private final StatelessForwarding alone = new StatelessForwarding(new Routing(ListenAddress.at(OWN), null));

    private static InetSocketAddress at(int a, int b, int c, int d, int port) {
        try {
            return new InetSocketAddress(
                    InetAddress.getByAddress(new byte[] {(byte) a, (byte) b, (byte) c, (byte) d}), port);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    static Stream<byte[]> messages() {
        return Stream.concat(
                CheckedDispatcher.messages(),
                Stream.of(
                                "OPTIONS sip:b@192.0.2.3:5063 SIP/2.0\r\nVia: SIP/2.0/UDP 198.51.100.7:5062;rport"
                                        + ";branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\nCall-ID: 1\r\n"
                                        + "CSeq: 1 OPTIONS\r\nRoute: <sip:192.0.2.1;lr>,<sip:192.0.2.4;lr>\r\n\r\n",
                                "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\nVia: SIP/2.0/UDP "
                                        + "192.0.2.9:5071;received=192.0.2.8;rport=9\r\n\r\n")
                        .map(message -> message.getBytes(ISO_8859_1)));
    }

    @MethodSource("messages")
    @FuzzTest
    void shouldSendAtMostOneMessageToAKnownPlace(byte[] input) {
        for (StatelessForwarding forwarding : new StatelessForwarding[] {toNext, alone}) {
            byte[] datagram = input.clone();
            Forwarding decision = forwarding.forward(datagram, 0, datagram.length, SOURCE);
            assertThat(datagram).isEqualTo(input);
            if (decision instanceof Forwarding.Answered answered) {
                refuses(answered);
            } else if (decision instanceof Forwarding.Onward onward) {
                forwards(new String(input, ISO_8859_1), onward);
                comesBack(forwarding, onward);
            }
        }
    }

    private static void refuses(Forwarding.Answered answered) {
        assertThat(answered.target().getAddress()).isEqualTo(SOURCE.getAddress());
        assertThat(text(answered.response())).matches("(?s)SIP/2.0 [45].*").endsWith("\nContent-Length: 0\r\n\r\n");
    }

    private static void forwards(String message, Forwarding.Onward onward) {
        String sent = text(onward.message());
        assertThat(onward.target()).isNotEqualTo(OWN);
        if (!onward.target().equals(NEXT)) {
            assertThat(isNamed(onward.target(), message))
                    .as("%s in %s", onward.target(), message)
                    .isTrue();
        }
        int added = sent.length() - message.length();
        assertThat(added).isLessThan(400);
    }

    /** Whether the message has the address, perhaps with leading zeros, in a text. */
    private static boolean isNamed(InetSocketAddress target, String message) {
        String address = target.getAddress().getHostAddress().replace(".", "\\.0*");
        return message.lines().anyMatch(line -> line.matches(".*(?<![0-9])0*" + address + "(?![0-9]).*"))
                || unfolded(message).matches("(?s).*(?<![0-9])0*" + address + "(?![0-9]).*");
    }

    private static String unfolded(String message) {
        return message.replaceAll("\r?\n[ \t]", "");
    }

    /** A response to a forwarded request goes back to its sender, and nowhere else. */
    private static void comesBack(StatelessForwarding forwarding, Forwarding.Onward onward) {
        String request = text(onward.message());
        int lineEnd = request.indexOf('\n') + 1;
        if (request.toLowerCase(Locale.ROOT).startsWith("sip/2.0 ")) {
            return;
        }
        byte[] response = ("SIP/2.0 200 OK\r\n" + request.substring(lineEnd)).getBytes(ISO_8859_1);
        Forwarding decision = forwarding.forward(response, 0, response.length, onward.target());
        assertThat(decision).as(request).isInstanceOf(Forwarding.Onward.class);
        assertThat(((Forwarding.Onward) decision).target().getAddress()).isEqualTo(SOURCE.getAddress());
    }

    private static String text(ByteBuffer message) {
        return ISO_8859_1.decode(message.duplicate()).toString();
    }
}
