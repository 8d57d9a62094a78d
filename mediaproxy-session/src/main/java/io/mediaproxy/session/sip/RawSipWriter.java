package io.mediaproxy.session.sip;

import io.mediaproxy.session.sip.RawSipMessage.Field;
import io.mediaproxy.session.sip.RawSipMessage.Layout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Writes a message again with another body; only the body and Content-Length differ. */
final class RawSipWriter {
    private static final byte[] FIELD_NAME = ascii("Content-Length: ");

    private RawSipWriter() {}

    /** See {@link RawSipMessage#withBody}. */
    static byte[] withBody(byte[] bytes, Layout layout, List<Field> fields, byte[] body) {
        byte[] length = ascii(Integer.toString(body.length));
        List<Field> lengths = new ArrayList<>(1);
        for (Field field : fields) {
            if (RawSipMessage.isNamed(bytes, field, RawSipReader.CONTENT_LENGTH)) {
                lengths.add(field);
            }
        }
        return lengths.isEmpty()
                ? withAddedLength(bytes, layout, length, body)
                : withLengths(bytes, layout, lengths, length, body);
    }

    private static byte[] withAddedLength(byte[] bytes, Layout layout, byte[] length, byte[] body) {
        int start = layout.start();
        int headersEnd = layout.headersEnd();
        int emptyLine = layout.bodyStart() - headersEnd;
        int size = headSize(layout) + FIELD_NAME.length + length.length + emptyLine + body.length;
        return ByteBuffer.allocate(size)
                .put(bytes, start, headersEnd - start)
                .put(FIELD_NAME)
                .put(length)
                .put(bytes, headersEnd, emptyLine) // the line end that the message uses
                .put(bytes, headersEnd, emptyLine)
                .put(body)
                .array();
    }

    private static byte[] withLengths(byte[] bytes, Layout layout, List<Field> lengths, byte[] length, byte[] body) {
        int size = headSize(layout) + body.length;
        for (Field field : lengths) {
            size += length.length - (field.end() - numberStart(bytes, field));
        }
        ByteBuffer message = ByteBuffer.allocate(size);
        int pos = layout.start();
        for (Field field : lengths) {
            message.put(bytes, pos, numberStart(bytes, field) - pos).put(length);
            pos = field.end(); // without white space after the number, which pkts does not accept
        }
        return message.put(bytes, pos, layout.bodyStart() - pos).put(body).array();
    }

    private static int headSize(Layout layout) {
        return layout.bodyStart() - layout.start();
    }

    /** Skips the white space before the number; in a folded field the number may be on a line below. */
    private static int numberStart(byte[] bytes, Field field) {
        int pos = field.valueStart();
        while (pos < field.end() && RawSipMessage.isWhiteSpace(bytes[pos])) {
            pos++;
        }
        return pos;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
