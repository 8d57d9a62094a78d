package io.mediaproxy.cli.proxy;

import static io.mediaproxy.cli.proxy.SipPhone.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Sends nothing to itself, whatever a request asks for. */
class ProxyLoopTest extends ProxyUnderTest {
    private static final Pattern MESSAGES = Pattern.compile(" messages ([0-9]+) ");
    private static final int TURNS = 5;

    @Test
    void shouldSkipAllItsRoutesAtOnceAndCapMaxForwards() throws Exception {
        start(null);
        String us = "<sip:127.0.0.1:" + proxy.address().getPort() + ";lr>";
        String[] fields = Collections.nCopies(7, "Route: " + String.join(",", Collections.nCopies(100, us)))
                .toArray(new String[8]);
        fields[7] = "Max-Forwards: 255";
        caller.send(proxy.address(), caller.request("OPTIONS", bob(), COOKIE + "1", fields));

        String request = callee.receive();
        assertThat(values(request, "Route")).isEmpty();
        assertThat(values(request, "Via")).hasSize(2);
        assertThat(values(request, "Max-Forwards")).containsExactly("69");
        assertThatNothingReturns(1);
    }

    @Test
    void shouldSendAtMostOneMessageForAHugeMaxForwards() throws Exception {
        start(null);
        for (String host : List.of("127.0.0.1", "0.0.0.0")) {
            String uri = "sip:x@" + host + ":" + proxy.address().getPort();
            caller.send(
                    proxy.address(),
                    caller.request("OPTIONS", uri, COOKIE + host, "Call-ID: " + host, "Max-Forwards: 9999999"));
            assertThat(caller.receive()).startsWith("SIP/2.0 4");
        }
        assertThatNothingReturns(2);
    }

    @Test
    void shouldFollowTheRouteAfterItsUnspecifiedAddress() throws Exception {
        start(null);
        String us = "<sip:0.0.0.0:" + proxy.address().getPort() + ";lr>";
        String next = "<sip:127.0.0.1:" + callee.port() + ";lr>";
        caller.send(
                proxy.address(),
                caller.request("OPTIONS", "sip:x@192.0.2.1", COOKIE + "1", "Route: " + us + "," + next));

        assertThat(values(callee.receive(), "Route")).containsExactly(next);
        assertThatNothingReturns(1);
    }

    @Test
    void shouldKnowAllAddressesOfTheMachineIfItListensAtAll() throws Exception {
        start(new InetSocketAddress("0.0.0.0", 0), null);
        int port = proxy.address().getPort();
        List<String> own = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(Inet4Address.class::isInstance)
                .map(InetAddress::getHostAddress)
                .toList();
        assertThat(own).contains("127.0.0.1");
        refuse(own, port);
        refuse(List.of("0.0.0.0", "127.0.0.2", "127.255.255.254"), port);
    }

    private void refuse(List<String> hosts, int port) throws Exception {
        for (String host : hosts) {
            caller.send(
                    proxy.address(),
                    caller.request("OPTIONS", "sip:x@" + host + ":" + port, COOKIE + host, "Call-ID: " + host));
            assertThat(caller.receive()).startsWith("SIP/2.0 404 ");
        }
    }

    @Test
    void shouldRefuseToBeItsNextServer() throws Exception {
        start(null);
        InetSocketAddress taken = proxy.address();
        proxy.close();
        assertThatThrownBy(() -> start(taken, new InetSocketAddress("0.0.0.0", taken.getPort())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the next server is the proxy");
        start(taken, null); // the port is free again
    }

    /** Each turn would let a message that returned go round once more. */
    private void assertThatNothingReturns(int sent) throws Exception {
        for (int i = 0; i < TURNS; i++) {
            awaitTurn();
        }
        Matcher matcher = MESSAGES.matcher(statistics.total());
        assertThat(matcher.find()).isTrue();
        assertThat(Integer.parseInt(matcher.group(1))).isLessThanOrEqualTo(sent + TURNS);
    }
}
