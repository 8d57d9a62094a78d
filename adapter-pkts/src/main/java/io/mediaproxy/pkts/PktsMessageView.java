package io.mediaproxy.pkts;

import io.mediaproxy.session.sip.RawSipMessage;
import io.mediaproxy.session.sip.SipMessageView;
import io.pkts.buffer.Buffer;
import io.pkts.buffer.ByteBuffer;
import io.pkts.packet.sip.SipMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message of pkts, read only from the bytes that it keeps: pkts itself finds a header field only under the spelling
 * in the message, and cuts values at commas. Not thread-safe.
 */
final class PktsMessageView implements SipMessageView {
    private final SipMessage message;
    private final String sourceAddress;
    /** Parsed on first use, so that {@code MediaProxy} turns a syntax error into a result. */
    private @Nullable RawSipMessage bytes;

    PktsMessageView(SipMessage message, String sourceAddress) {
        this.message = message;
        this.sourceAddress = sourceAddress;
    }

    /**
     * Returns the message with another body, in a new array.
     *
     * @throws RuntimeException if pkts cannot frame the new message, or does not find the body in it
     */
    SipMessage withBody(byte[] body) {
        SipMessage rewritten;
        try {
            rewritten = SipMessage.frame(bytes().withBody(body));
        } catch (IOException e) {
            throw new UncheckedIOException(e); // cannot occur for an array
        }
        int found = rewritten.getContent().getReadableBytes();
        if (found != body.length) {
            throw new IllegalStateException(
                    "the message has a new body of " + body.length + " bytes, of which pkts finds " + found);
        }
        return rewritten;
    }

    private RawSipMessage bytes() {
        RawSipMessage known = bytes;
        if (known == null) {
            known = read(message.toBuffer(), sourceAddress);
            bytes = known;
        }
        return known;
    }

    private static RawSipMessage read(Buffer buffer, String sourceAddress) {
        int length = buffer.getReadableBytes();
        if (buffer instanceof ByteBuffer) { // the only kind with an array and a known position in it
            int offset = buffer.getLowerBoundary() + buffer.getReaderIndex();
            return RawSipMessage.parse(buffer.getRawArray(), offset, length, sourceAddress);
        }
        return RawSipMessage.parse(copy(buffer, length), 0, length, sourceAddress);
    }

    /** Byte by byte: buffers on a stream offer no other way to read without moving the reader index. */
    private static byte[] copy(Buffer buffer, int length) {
        byte[] copy = new byte[length];
        try {
            for (int i = 0; i < length; i++) {
                copy[i] = buffer.getByte(buffer.getReaderIndex() + i);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return copy;
    }

    @Override
    public boolean isRequest() {
        return bytes().isRequest();
    }

    @Override
    public int statusCode() {
        return bytes().statusCode();
    }

    @Override
    public String method() {
        return bytes().method();
    }

    @Override
    public @Nullable String header(String name) {
        return bytes().header(name);
    }

    @Override
    public List<String> headers(String name) {
        return bytes().headers(name);
    }

    @Override
    public byte[] bodyArray() {
        return bytes().bodyArray();
    }

    @Override
    public int bodyOffset() {
        return bytes().bodyOffset();
    }

    @Override
    public int bodyLength() {
        return bytes().bodyLength();
    }

    @Override
    public String sourceAddress() {
        return sourceAddress;
    }
}
