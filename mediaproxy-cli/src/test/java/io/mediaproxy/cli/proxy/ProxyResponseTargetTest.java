package io.mediaproxy.cli.proxy;

import static io.mediaproxy.cli.proxy.SipPhone.branch;
import static io.mediaproxy.cli.proxy.SipPhone.values;
import static io.mediaproxy.cli.proxy.SipPhone.withSdp;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Sends responses to the source of the request, and to nothing else. */
class ProxyResponseTargetTest extends ProxyUnderTest {
    @Test
    void shouldRespondToTheSourcePortIfTheViaAsksForIt() throws Exception {
        start(null);
        String request = caller.request("OPTIONS", bob(), COOKIE + "1;rport");
        caller.send(proxy.address(), request.replace("UDP 127.0.0.1:" + caller.port(), "UDP 192.0.2.1:1"));
        callee.send(proxy.address(), callee.reply(callee.receive(), "200 OK"));

        String reply = caller.receive();
        assertThat(reply).startsWith("SIP/2.0 200 OK\r\n");
        assertThat(values(reply, "Via")).singleElement().asString().startsWith("SIP/2.0/UDP 192.0.2.1:1;");
    }

    @Test
    void shouldRespondToThePortOfTheViaOtherwise() throws Exception {
        start(null);
        try (SipPhone other = new SipPhone()) {
            other.send(proxy.address(), caller.request("OPTIONS", bob(), COOKIE + "1"));
            callee.send(proxy.address(), callee.reply(callee.receive(), "100 Trying"));

            assertThat(caller.receive()).startsWith("SIP/2.0 100 Trying\r\n");
        }
    }

    @Test
    void shouldNotBelieveTheReceivedThatTheSenderWrites() throws Exception {
        start(null);
        String forged = COOKIE + "1;received=127.0.0.9";
        caller.send(proxy.address(), caller.request("OPTIONS", bob(), forged));
        callee.send(proxy.address(), callee.reply(callee.receive(), "200 OK"));
        assertThat(caller.receive()).startsWith("SIP/2.0 200 OK\r\n");

        caller.send(proxy.address(), withSdp(caller.request("INVITE", bob(), forged, "Call-ID: two")));
        assertThat(callee.receive()).startsWith("INVITE ");
        assertThat(asked.get(20, SECONDS).text()).contains("signaling_ip: 127.0.0.1\r\n");
        caller.send(proxy.address(), caller.request("OPTIONS", bob(), forged, "Call-ID: three", "Max-Forwards: 0"));
        assertThat(caller.receive()).startsWith("SIP/2.0 483 ");
    }

    @Test
    void shouldDropResponsesThatAreToGoElsewhere() throws Exception {
        start(null);
        try (SipPhone victim = new SipPhone()) {
            caller.send(proxy.address(), caller.request("OPTIONS", bob(), COOKIE + "1"));
            String ours = callee.receive();
            String ok = callee.reply(ours, "200 OK");
            String below = "127.0.0.1:" + caller.port();
            String branch = branch(ours);
            List<String> forged = List.of(
                    ok.replace(below, "127.0.0.1:" + victim.port()),
                    ok.replace(below, below + ";rport=" + victim.port()),
                    ok.replace(below, "127.0.0.1:" + victim.port() + ";received=127.0.0.1"),
                    ok.replace(branch, COOKIE + "0123456789abcdef0123456789abcdef"),
                    ok.replace(branch, branch.substring(0, branch.length() - 16)),
                    ok.replace(";branch=" + branch, ""));
            for (String response : forged) {
                callee.send(proxy.address(), response);
            }
            callee.send(proxy.address(), ok.replace("200 OK", "200 marker"));
            assertThat(caller.receive()).as("the first that arrives").contains("marker");
            assertThat(statistics.total()).contains(", dropped 0, stray responses " + forged.size() + ",");
            callee.send(victim.address(), "end");
            assertThat(victim.receive()).isEqualTo("end");
        }
    }
}
