package io.mediaproxy.session.sip;

import java.nio.charset.StandardCharsets;
import java.util.List;
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
    /**
     * The places of one header field in the array.
     *
     * @param nameStart index of the first byte of the name
     * @param nameEnd index after its last byte
     * @param valueStart index of the first byte after the colon
     * @param end index after the last byte of the value, before its line end
     */
    record Field(int nameStart, int nameEnd, int valueStart, int end) {}

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
    private final String method;
    private final String sourceAddress;

    RawSipMessage(byte[] bytes, Layout layout, StartLine startLine, List<Field> fields, String sourceAddress) {
        this.bytes = bytes;
        this.layout = layout;
        this.startLine = startLine;
        this.fields = fields;
        this.sourceAddress = sourceAddress;
        String ofRequest = startLine.method();
        this.method = ofRequest == null ? methodOf(header("CSeq")) : ofRequest;
    }

    private static String methodOf(@Nullable String cseq) {
        return cseq == null ? "" : cseq.substring(Math.max(cseq.lastIndexOf(' '), cseq.lastIndexOf('\t')) + 1);
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
        return startLine.method() != null;
    }

    @Override
    public int statusCode() {
        return startLine.statusCode();
    }

    @Override
    public String method() {
        return method;
    }

    @Override
    public @Nullable String header(String name) {
        String longForm = FieldName.longForm(name);
        for (Field field : fields) {
            if (isNamed(bytes, field, longForm)) {
                return value(bytes, field);
            }
        }
        return null;
    }

    @Override
    public List<String> headers(String name) {
        String longForm = FieldName.longForm(name);
        return fields.stream()
                .filter(field -> isNamed(bytes, field, longForm))
                .map(field -> value(bytes, field))
                .toList();
    }

    /** Whether a header field has a name, given in its long form. */
    static boolean isNamed(byte[] bytes, Field field, String longForm) {
        return FieldName.isAt(bytes, field.nameStart(), field.nameEnd(), longForm);
    }

    static String value(byte[] bytes, Field field) {
        int start = field.valueStart();
        int end = field.end();
        while (start < end && isWhiteSpace(bytes[start])) {
            start++;
        }
        while (end > start && isWhiteSpace(bytes[end - 1])) {
            end--;
        }
        String value = text(bytes, start, end).strip();
        return value.indexOf('\n') < 0 ? value : unfolded(value);
    }

    /** Whether a byte is what {@link String#strip} removes, among it the line ends of a folded field. */
    static boolean isWhiteSpace(byte b) {
        return b > 0 && Character.isWhitespace(b);
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
