package io.mediaproxy.session;

import io.mediaproxy.conformance.ConformanceSuite;
import io.mediaproxy.conformance.ConformanceVector;
import io.mediaproxy.session.sip.RawSipMessage;
import java.nio.charset.StandardCharsets;

class RawSipMessageConformanceTest extends ConformanceSuite {
    @Override
    protected Actual useMediaProxy(MediaProxy mediaProxy, ConformanceVector vector, CallAttributes attributes) {
        RawSipMessage message = RawSipMessage.parse(vector.message().getBytes(StandardCharsets.UTF_8), vector.source());
        return actual(mediaProxy.useMediaProxy(message, attributes));
    }
}
