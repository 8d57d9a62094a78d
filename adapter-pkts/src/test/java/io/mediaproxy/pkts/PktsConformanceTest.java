package io.mediaproxy.pkts;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.conformance.AdapterConformanceSuite;
import io.mediaproxy.session.CallAttributes;
import io.mediaproxy.session.MediaProxy;
import io.pkts.packet.sip.SipMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

class PktsConformanceTest extends AdapterConformanceSuite<SipMessage> {
    @Override
    protected SipMessage parse(String message) throws IOException {
        return SipMessage.frame(message.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    protected byte[] wire(SipMessage message) {
        return message.toBuffer().getArray();
    }

    @Override
    protected Used<SipMessage> useMediaProxy(
            MediaProxy mediaProxy, SipMessage message, String sourceAddress, CallAttributes attributes) {
        PktsResult used = new PktsMediaProxy(mediaProxy).useMediaProxy(message, sourceAddress, attributes);
        if (used.result().body().isEmpty()) {
            assertThat(used.message()).isSameAs(message);
        }
        assertThat(headers(used.message())).isEqualTo(headers(message));
        return new Used<>(used.message(), used.result());
    }

    @Override
    protected Map<String, String> skipped() {
        return Map.of(
                "from-uppercase-scheme", "pkts does not frame a message with a URI whose scheme is in upper case");
    }

    /** Everything before the body, except the number in Content-Length. */
    private static String headers(SipMessage message) {
        String text = message.toString();
        return text.substring(0, text.indexOf("\r\n\r\n")).replaceFirst("(Content-Length: )\\d+", "$1");
    }
}
