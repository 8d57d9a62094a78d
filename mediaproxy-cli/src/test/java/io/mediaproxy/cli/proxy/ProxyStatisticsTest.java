package io.mediaproxy.cli.proxy;

import static io.mediaproxy.cli.proxy.SipPhone.values;
import static io.mediaproxy.cli.proxy.SipPhone.withSdp;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Counts what the media of the calls met. */
class ProxyStatisticsTest extends ProxyUnderTest {
    @Test
    void shouldPrintTheCountsOfTheMedia() throws Exception {
        start(null);
        caller.send(proxy.address(), withSdp(caller.request("INVITE", bob(), COOKIE + "1")));
        String invite = callee.receive();
        callee.send(proxy.address(), withSdp(callee.reply(invite, "200 OK")));
        String ok = caller.receive();
        assertThat(statistics.total())
                .contains(", without relay 0, half-relayed 0, removals kept 0, delivered 0, given up 0, ");

        dispatcher.close();
        String to = "To: " + values(ok, "To").get(0);
        caller.send(proxy.address(), caller.request("BYE", bob(), COOKIE + "2", to, "CSeq: 2 BYE"));
        callee.send(proxy.address(), callee.reply(callee.receive(), "200 OK"));
        assertThat(caller.receive()).startsWith("SIP/2.0 200 ");
        caller.send(proxy.address(), withSdp(caller.request("INVITE", bob(), COOKIE + "3", "Call-ID: two")));
        assertThat(callee.receive()).contains("m=audio 40000 ");

        assertThat(total())
                .contains(
                        ", without relay 1, half-relayed 0, removals kept 1, delivered 0, given up 0, calls refused 0, "
                                + "errors 2, refused 0, dropped 0, stray responses 0, overloaded 0");
    }

    /** Without the sessions, which the closed dispatcher cannot count. */
    private String total() {
        statistics.watch(mediaProxy, null);
        return statistics.total();
    }
}
