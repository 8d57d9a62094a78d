package io.mediaproxy.session;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One SIP message as the bytes that came from the wire, for servers without a stack, for adapters of stacks that keep the bytes,
 * and for tools: reads just what {@link MediaProxy} has to know, and gives back the same bytes around another body.
 *
 * <p>Tolerated: empty lines before the message, LF alone as line end, a missing Content-Length, bytes behind the body (they are
 * kept). Text is read as UTF-8;
 * what is not becomes U+FFFD. Immutable as long as the array is, which stays the caller's and is never written into.
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

    private static final String CONTENT_LENGTH = "content-length";
    private static final String VERSION = "SIP/2.0";
    private static final int MAX_STATUS = 699;

    private record Header(String lowerCaseName, int valueStart, int end) {}

    private final byte[] bytes;
    private final int start;
    private final int end;
    private final String sourceAddress;
    private final List<Header> headers = new ArrayList<>();
    private String startLine = "";
    private int headersEnd;
    private int bodyStart;
    private int bodyEnd;
    private int lines;

    private RawSipMessage(byte[] bytes, int offset, int length, String sourceAddress) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        this.bytes = bytes;
        this.start = offset;
        this.end = offset + length;
        this.sourceAddress = sourceAddress;
    }

    /** {@link #parse(byte[], int, int, String)} of a message that fills the array. */
    public static RawSipMessage parse(byte[] bytes, String sourceAddress) {
        return parse(bytes, 0, bytes.length, sourceAddress);
    }

    /**
     * Reads a message in a part of an array.
     *
     * @param offset the message's first byte
     * @param length the message's length in bytes
     * @param sourceAddress the IP address it came from
     * @throws SipSyntaxException if there is no start line, a header field without a colon, no empty line behind the header
     *     fields, or fewer bytes than Content-Length says
     */
    public static RawSipMessage parse(byte[] array, int offset, int length, String sourceAddress) {
        RawSipMessage message = new RawSipMessage(array, offset, length, sourceAddress);
        message.readHeaders(message.readStartLine());
        message.findBody();
        return message;
    }

    private int readStartLine() {
        int pos = start;
        while (pos < end && (bytes[pos] == '\r' || bytes[pos] == '\n')) { // RFC 3261 7.5
            if (bytes[pos] == '\n') {
                lines++;
            }
            pos++;
        }
        int lineEnd = lineEnd(pos);
        startLine = text(pos, lineEnd);
        lines++;
        boolean valid = isRequest()
                ? startLine.endsWith(" " + VERSION) && startLine.indexOf(' ') > 0
                : statusCode() >= 100 && statusCode() <= MAX_STATUS;
        if (!valid) {
            throw syntaxError("the first line is neither a request line nor a status line", pos, lines);
        }
        return next(lineEnd);
    }

    private void readHeaders(int headersStart) {
        int pos = headersStart;
        while (pos < end) {
            int fieldEnd = lineEnd(pos);
            int next = next(fieldEnd);
            lines++;
            if (fieldEnd == pos) {
                headersEnd = pos;
                bodyStart = next;
                return;
            }
            while (next < end && isBlank(bytes[next])) { // RFC 3261 7.3.1: folded
                fieldEnd = lineEnd(next);
                next = next(fieldEnd);
                lines++;
            }
            readHeader(pos, fieldEnd);
            pos = next;
        }
        throw syntaxError("no empty line ends the header fields", end, lines + 1);
    }

    private void readHeader(int fieldStart, int fieldEnd) {
        int colon = fieldStart;
        while (colon < fieldEnd && bytes[colon] != ':') {
            colon++;
        }
        if (colon == fieldEnd) {
            throw syntaxError("a header field without a colon", fieldStart, lines);
        }
        String name = text(fieldStart, colon).strip().toLowerCase(Locale.ROOT);
        headers.add(new Header(COMPACT_FORMS.getOrDefault(name, name), colon + 1, fieldEnd));
    }

    private void findBody() {
        bodyEnd = end;
        Header contentLength = find(CONTENT_LENGTH);
        if (contentLength == null) {
            return; // Tolerated: over UDP the body ends with the datagram (RFC 3261 18.3).
        }
        String value = value(contentLength);
        int length = decimal(value);
        if (length < 0 || length > end - bodyStart) {
            throw syntaxError(
                    "Content-Length is " + length(value) + ", but " + (end - bodyStart) + " bytes follow",
                    contentLength.valueStart(),
                    lineOf(contentLength.valueStart()));
        }
        bodyEnd = bodyStart + length;
    }

    private static String length(String value) {
        return decimal(value) < 0 ? "no number" : value;
    }

    /** A number of at most nine digits, or -1. */
    private static int decimal(String text) {
        if (text.isEmpty() || text.length() > 9) {
            return -1;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return -1;
            }
        }
        return Integer.parseInt(text);
    }

    private int lineOf(int pos) {
        int line = 1;
        for (int i = start; i < pos; i++) {
            if (bytes[i] == '\n') {
                line++;
            }
        }
        return line;
    }

    private SipSyntaxException syntaxError(String what, int pos, int line) {
        return new SipSyntaxException(what, pos - start, line);
    }

    /**
     * The message with another body: all other bytes are the same, but for the number in Content-Length (a field of that name is
     * added where there is none; where there are several, all say the same, as nobody can know which one counts).
     *
     * @return an array of its own, which the message fills
     */
    public byte[] withBody(byte[] body) {
        byte[] length = ascii(Integer.toString(body.length));
        List<Header> lengths = headers.stream()
                .filter(header -> header.lowerCaseName().equals(CONTENT_LENGTH))
                .toList();
        return lengths.isEmpty() ? withAddedLength(length, body) : withLength(lengths, length, body);
    }

    private byte[] withAddedLength(byte[] length, byte[] body) {
        byte[] name = ascii("Content-Length: ");
        int emptyLine = bodyStart - headersEnd;
        return ByteBuffer.allocate(aroundBody() + name.length + length.length + emptyLine + body.length)
                .put(bytes, start, headersEnd - start)
                .put(name)
                .put(length)
                .put(bytes, headersEnd, emptyLine) // the empty line's own line end
                .put(bytes, headersEnd, emptyLine)
                .put(body)
                .put(bytes, bodyEnd, end - bodyEnd)
                .array();
    }

    private byte[] withLength(List<Header> lengths, byte[] length, byte[] body) {
        int size = aroundBody() + body.length;
        for (Header header : lengths) {
            size += length.length - (numberEnd(header) - numberStart(header));
        }
        ByteBuffer message = ByteBuffer.allocate(size);
        int pos = start;
        for (Header header : lengths) {
            message.put(bytes, pos, numberStart(header) - pos).put(length);
            pos = numberEnd(header);
        }
        return message.put(bytes, pos, bodyStart - pos)
                .put(body)
                .put(bytes, bodyEnd, end - bodyEnd)
                .array();
    }

    /** How many bytes are not the body's. */
    private int aroundBody() {
        return bodyStart - start + end - bodyEnd;
    }

    /** The value without the white space around it, perhaps on a line below, of a folded field. */
    private int numberStart(Header header) {
        int pos = header.valueStart();
        while (pos < header.end() && isWhiteSpace(bytes[pos])) {
            pos++;
        }
        return pos;
    }

    private int numberEnd(Header header) {
        int numberStart = numberStart(header);
        int pos = header.end();
        while (pos > numberStart && isWhiteSpace(bytes[pos - 1])) {
            pos--;
        }
        return pos;
    }

    @Override
    public boolean isRequest() {
        return !startLine.startsWith(VERSION + " ");
    }

    @Override
    public int statusCode() {
        if (isRequest()) {
            return 0;
        }
        int codeStart = VERSION.length() + 1;
        int codeEnd = startLine.indexOf(' ', codeStart);
        String code = startLine.substring(codeStart, codeEnd < 0 ? startLine.length() : codeEnd);
        return code.length() == 3 ? Math.max(0, decimal(code)) : 0;
    }

    @Override
    public String method() {
        if (isRequest()) {
            return startLine.substring(0, startLine.indexOf(' '));
        }
        String cseq = header("CSeq");
        return cseq == null ? "" : cseq.substring(Math.max(cseq.lastIndexOf(' '), cseq.lastIndexOf('\t')) + 1);
    }

    @Override
    public @Nullable String header(String name) {
        String lowerCase = name.toLowerCase(Locale.ROOT);
        Header header = find(COMPACT_FORMS.getOrDefault(lowerCase, lowerCase));
        return header == null ? null : value(header);
    }

    @Override
    public List<String> headers(String name) {
        String lowerCase = name.toLowerCase(Locale.ROOT);
        String stored = COMPACT_FORMS.getOrDefault(lowerCase, lowerCase);
        return headers.stream()
                .filter(header -> header.lowerCaseName().equals(stored))
                .map(this::value)
                .toList();
    }

    private @Nullable Header find(String lowerCaseName) {
        for (Header header : headers) {
            if (header.lowerCaseName().equals(lowerCaseName)) {
                return header;
            }
        }
        return null;
    }

    private String value(Header header) {
        String value = text(header.valueStart(), header.end()).strip();
        return value.indexOf('\n') < 0 ? value : value.replaceAll("[ \t]*\r?\n[ \t]+", " ");
    }

    @Override
    public byte[] bodyArray() {
        return bytes;
    }

    @Override
    public int bodyOffset() {
        return bodyStart;
    }

    @Override
    public int bodyLength() {
        return bodyEnd - bodyStart;
    }

    @Override
    public String sourceAddress() {
        return sourceAddress;
    }

    /** The end of the line's content: at its CR LF, its LF, or the end of the message. */
    private int lineEnd(int lineStart) {
        int lineFeed = lineStart;
        while (lineFeed < end && bytes[lineFeed] != '\n') {
            lineFeed++;
        }
        return lineFeed > lineStart && lineFeed < end && bytes[lineFeed - 1] == '\r' ? lineFeed - 1 : lineFeed;
    }

    /** Behind the line end at {@code lineEnd}. */
    private int next(int lineEnd) {
        int lineFeed = lineEnd < end && bytes[lineEnd] == '\r' ? lineEnd + 1 : lineEnd;
        return Math.min(end, lineFeed + 1);
    }

    private static boolean isWhiteSpace(byte b) {
        return isBlank(b) || b == '\r' || b == '\n';
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private String text(int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }
}
