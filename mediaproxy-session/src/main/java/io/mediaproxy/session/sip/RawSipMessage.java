package io.mediaproxy.session.sip;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A SIP message in the bytes that came from the network, for servers without a SIP stack, for adapters of stacks that
 * keep the bytes, and for tools. It reads only the parts that {@link io.mediaproxy.session.MediaProxy} has to know, and
 * returns the same bytes around another body.
 *
 * <p>Tolerated: empty lines before the message, LF alone as line end, bytes after the body (a new message has none).
 * Without Content-Length the body reaches to the end, as in a datagram (RFC 3261 18.3). Text is read as UTF-8; invalid
 * bytes become U+FFFD. A message has at most {@value RawSipReader#MAX_FIELDS} header fields of at most
 * {@value RawSipReader#MAX_FIELD_BYTES} bytes.
 *
 * <p>Thread-safe. Immutable as long as the array is, which remains the caller's and is never written to.
 */
public final class RawSipMessage implements SipMessageView {
    /** RFC 3261 7.3.3. */
    private static final Map<String, String> COMPACT_FORMS = Map.of(
            "i", "call-id",
            "m", "contact",
            "e", "content-encoding",
            "l", "content-length",
            "c", "content-type",
            "f", "from",
            "s", "subject",
            "k", "supported",
            "t", "to",
            "v", "via");

    /**
     * One header field.
     *
     * @param name in lower case, in its long form
     * @param valueStart index of the first byte after the colon
     * @param end index after the last byte of the value, before its line end
     */
    record Field(String name, int valueStart, int end) {}

    /**
     * The places in the array.
     *
     * @param start index of the message's first byte, perhaps an empty line before it
     * @param headersEnd index of the empty line that ends the header fields
     * @param bodyStart index after that empty line
     * @param bodyEnd index after the body's last byte
     */
    record Layout(int start, int headersEnd, int bodyStart, int bodyEnd) {}

    private final byte[] bytes;
    private final Layout layout;
    private final StartLine startLine;
    private final List<Field> fields;
    private final String sourceAddress;

    RawSipMessage(byte[] bytes, Layout layout, StartLine startLine, List<Field> fields, String sourceAddress) {
        this.bytes = bytes;
        this.layout = layout;
        this.startLine = startLine;
        this.fields = fields;
        this.sourceAddress = sourceAddress;
    }

    /**
     * Reads a message that fills an array, as {@link #parse(byte[], int, int, String)} does.
     *
     * @param bytes is not copied
     * @param sourceAddress the IP address that the message came from
     * @return a view of the message
     * @throws SipSyntaxException if the bytes are not one SIP message
     */
    public static RawSipMessage parse(byte[] bytes, String sourceAddress) {
        return parse(bytes, 0, bytes.length, sourceAddress);
    }

    /**
     * Reads a message in a part of an array.
     *
     * @param array is not copied
     * @param offset index of the message's first byte
     * @param length of the message in bytes
     * @param sourceAddress the IP address that the message came from
     * @return a view of the message
     * @throws SipSyntaxException if there is no start line, a header field without a colon or beyond a limit, no empty
     *     line after the header fields, fewer bytes than Content-Length specifies, or two that differ
     */
    public static RawSipMessage parse(byte[] array, int offset, int length, String sourceAddress) {
        Objects.checkFromIndexSize(offset, length, array.length);
        return new RawSipReader(array, offset, offset + length).read(sourceAddress);
    }

    /**
     * Returns the message with another body. All other bytes are the same, except for the number in Content-Length and
     * the white space after it. Where there is no such header field, one is added; where there are several, all get the
     * same number. Bytes after the old body are left out.
     *
     * @param body is copied
     * @return a new array, which the message fills
     */
    public byte[] withBody(byte[] body) {
        return RawSipWriter.withBody(bytes, layout, fields, body);
    }

    @Override
    public boolean isRequest() {
        return startLine.isRequest();
    }

    @Override
    public int statusCode() {
        return startLine.statusCode();
    }

    @Override
    public String method() {
        if (isRequest()) {
            return startLine.method();
        }
        String cseq = header("CSeq");
        return cseq == null ? "" : cseq.substring(Math.max(cseq.lastIndexOf(' '), cseq.lastIndexOf('\t')) + 1);
    }

    @Override
    public @Nullable String header(String name) {
        String longForm = longForm(name);
        for (Field field : fields) {
            if (field.name().equals(longForm)) {
                return value(bytes, field);
            }
        }
        return null;
    }

    @Override
    public List<String> headers(String name) {
        String longForm = longForm(name);
        return fields.stream()
                .filter(field -> field.name().equals(longForm))
                .map(field -> value(bytes, field))
                .toList();
    }

    /** Returns the name as {@link Field} has it. */
    static String longForm(String name) {
        String lowerCase = name.toLowerCase(Locale.ROOT);
        return COMPACT_FORMS.getOrDefault(lowerCase, lowerCase);
    }

    static String value(byte[] bytes, Field field) {
        String value = text(bytes, field.valueStart(), field.end()).strip();
        return value.indexOf('\n') < 0 ? value : unfolded(value);
    }

    /** Makes each line end, with the blanks around it, one space (RFC 3261 7.3.1). Visits each character once. */
    private static String unfolded(String value) {
        StringBuilder line = new StringBuilder(value.length());
        boolean fold = false;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\n') {
                cutLineEnd(line);
                line.append(' ');
                fold = true;
            } else if (!fold || !isBlank(c)) {
                line.append(c);
                fold = false;
            }
        }
        return line.toString();
    }

    private static void cutLineEnd(StringBuilder line) {
        int end = line.length();
        if (end > 0 && line.charAt(end - 1) == '\r') {
            end--;
        }
        while (end > 0 && isBlank(line.charAt(end - 1))) {
            end--;
        }
        line.setLength(end);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    static String text(byte[] bytes, int start, int end) {
        return new String(bytes, start, end - start, StandardCharsets.UTF_8);
    }

    @Override
    public byte[] bodyArray() {
        return bytes;
    }

    @Override
    public int bodyOffset() {
        return layout.bodyStart();
    }

    @Override
    public int bodyLength() {
        return layout.bodyEnd() - layout.bodyStart();
    }

    @Override
    public String sourceAddress() {
        return sourceAddress;
    }
}
