package io.mediaproxy.session.sip;

import io.mediaproxy.session.sip.RawSipMessage.Field;
import io.mediaproxy.session.sip.RawSipMessage.Layout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes a message again with another body; only the body and the number in Content-Length differ. */
final class RawSipWriter {
    private static final byte[] FIELD_NAME = ascii("Content-Length: ");

    private RawSipWriter() {}

    /** See {@link RawSipMessage#withBody}. */
    static byte[] withBody(byte[] bytes, Layout layout, List<Field> fields, byte[] body) {
        byte[] length = ascii(Integer.toString(body.length));
        List<Field> lengths = fields.stream()
                .filter(field -> field.name().equals(RawSipReader.CONTENT_LENGTH))
                .toList();
        return lengths.isEmpty()
                ? withAddedLength(bytes, layout, length, body)
                : withLengths(bytes, layout, lengths, length, body);
    }

    private static byte[] withAddedLength(byte[] bytes, Layout layout, byte[] length, byte[] body) {
        int start = layout.start();
        int headersEnd = layout.headersEnd();
        int emptyLine = layout.bodyStart() - headersEnd;
        int size = sizeWithoutBody(layout) + FIELD_NAME.length + length.length + emptyLine + body.length;
        return ByteBuffer.allocate(size)
                .put(bytes, start, headersEnd - start)
                .put(FIELD_NAME)
                .put(length)
                .put(bytes, headersEnd, emptyLine) // the line end that the message uses
                .put(bytes, headersEnd, emptyLine)
                .put(body)
                .put(bytes, layout.bodyEnd(), layout.end() - layout.bodyEnd())
                .array();
    }

    private static byte[] withLengths(byte[] bytes, Layout layout, List<Field> lengths, byte[] length, byte[] body) {
        int size = sizeWithoutBody(layout) + body.length;
        for (Field field : lengths) {
            size += length.length - (numberEnd(bytes, field) - numberStart(bytes, field));
        }
        ByteBuffer message = ByteBuffer.allocate(size);
        int pos = layout.start();
        for (Field field : lengths) {
            message.put(bytes, pos, numberStart(bytes, field) - pos).put(length);
            pos = numberEnd(bytes, field);
        }
        return message.put(bytes, pos, layout.bodyStart() - pos)
                .put(body)
                .put(bytes, layout.bodyEnd(), layout.end() - layout.bodyEnd())
                .array();
    }

    private static int sizeWithoutBody(Layout layout) {
        return layout.end() - layout.start() - (layout.bodyEnd() - layout.bodyStart());
    }

    /** The value without the white space around it; in a folded field the number may be on a line below. */
    private static int numberStart(byte[] bytes, Field field) {
        int pos = field.valueStart();
        while (pos < field.end() && isWhiteSpace(bytes[pos])) {
            pos++;
        }
        return pos;
    }

    private static int numberEnd(byte[] bytes, Field field) {
        int start = numberStart(bytes, field);
        int pos = field.end();
        while (pos > start && isWhiteSpace(bytes[pos - 1])) {
            pos--;
        }
        return pos;
    }

    private static boolean isWhiteSpace(byte b) {
        return b == ' ' || b == '\t' || b == '\r' || b == '\n';
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
