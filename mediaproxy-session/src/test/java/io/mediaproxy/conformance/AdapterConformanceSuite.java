package io.mediaproxy.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.session.CallAttributes;
import io.mediaproxy.session.MediaProxy;
import io.mediaproxy.session.MediaProxyResult;
import io.mediaproxy.session.sip.RawSipMessage;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Runs the vectors through the adapter of a SIP stack. The result is read back from the bytes that the stack would
 * send, which must be one message with the right Content-Length.
 *
 * @param <M> the stack's messages
 */
public abstract class AdapterConformanceSuite<M> extends ConformanceSuite {
    private static final String CONTENT_TYPE = "Content-Type";

    /** A message after {@code use_media_proxy}, with the result. */
    public record Used<M>(M message, MediaProxyResult result) {}

    protected abstract M parse(String message) throws Exception;

    /** Returns the bytes of a message that the stack would send. */
    protected abstract byte[] wire(M message);

    protected abstract Used<M> useMediaProxy(
            MediaProxy mediaProxy, M message, String sourceAddress, CallAttributes attributes);

    /**
     * Returns the Content-Type of a new body if the old one had none, or null if the header fields stay as they are.
     */
    protected @Nullable String addedContentType() {
        return null;
    }

    @Override
    protected final Actual useMediaProxy(MediaProxy mediaProxy, ConformanceVector vector, CallAttributes attributes)
            throws Exception {
        M message = parse(vector.message());
        byte[] before = wire(message);

        Used<M> used = useMediaProxy(mediaProxy, message, vector.source(), attributes);

        byte[] after = wire(used.message());
        boolean rewritten = used.result().body().isPresent();
        if (!rewritten) {
            assertThat(after).as("a message without a new body").isEqualTo(before);
        }
        RawSipMessage old = RawSipMessage.parse(before, vector.source());
        RawSipMessage sent = RawSipMessage.parse(after, vector.source());
        assertThat(sent.header("Content-Length")).isEqualTo(Integer.toString(after.length - sent.bodyOffset()));
        String type = old.header(CONTENT_TYPE);
        assertThat(sent.header(CONTENT_TYPE)).isEqualTo(type == null && rewritten ? addedContentType() : type);
        return new Actual(used.result().returnCode(), rewritten ? body(sent) : null);
    }

    private static String body(RawSipMessage message) {
        return new String(message.bodyArray(), message.bodyOffset(), message.bodyLength(), StandardCharsets.UTF_8);
    }
}
