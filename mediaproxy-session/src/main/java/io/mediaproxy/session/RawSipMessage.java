package io.mediaproxy.session;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One SIP message as the bytes that came from the wire, for servers without a stack and for tools: reads just what
 * {@link MediaProxy} has to know, and gives back the same bytes around another body.
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
    private final String sourceAddress;
    private final List<Header> headers = new ArrayList<>();
    private String startLine = "";
    private int headersEnd;
    private int bodyStart;
    private int bodyEnd;
    private int lines;

    private RawSipMessage(byte[] bytes, String sourceAddress) {
        this.bytes = bytes;
        this.sourceAddress = sourceAddress;
    }

    /**
     * Reads a message that fills the array.
     *
     * @param sourceAddress the IP address it came from
     * @throws SipSyntaxException if there is no start line, a header field without a colon, no empty line behind the header
     *     fields, or fewer bytes than Content-Length says
     */
    public static RawSipMessage parse(byte[] bytes, String sourceAddress) {
        RawSipMessage message = new RawSipMessage(bytes, sourceAddress);
        message.readHeaders(message.readStartLine());
        message.findBody();
        return message;
    }

    private int readStartLine() {
        int start = 0;
        while (start < bytes.length && (bytes[start] == '\r' || bytes[start] == '\n')) { // RFC 3261 7.5
            if (bytes[start] == '\n') {
                lines++;
            }
            start++;
        }
        int end = lineEnd(start);
        startLine = text(start, end);
        lines++;
        boolean valid = isRequest()
                ? startLine.endsWith(" " + VERSION) && startLine.indexOf(' ') > 0
                : statusCode() >= 100 && statusCode() <= MAX_STATUS;
        if (!valid) {
            throw new SipSyntaxException("the first line is neither a request line nor a status line", start, lines);
        }
        return next(end);
    }

    private void readHeaders(int start) {
        int pos = start;
        while (pos < bytes.length) {
            int end = lineEnd(pos);
            int next = next(end);
            lines++;
            if (end == pos) {
                headersEnd = pos;
                bodyStart = next;
                return;
            }
            while (next < bytes.length && isBlank(bytes[next])) { // RFC 3261 7.3.1: folded
                end = lineEnd(next);
                next = next(end);
                lines++;
            }
            readHeader(pos, end);
            pos = next;
        }
        throw new SipSyntaxException("no empty line ends the header fields", bytes.length, lines + 1);
    }

    private void readHeader(int start, int end) {
        int colon = start;
        while (colon < end && bytes[colon] != ':') {
            colon++;
        }
        if (colon == end) {
            throw new SipSyntaxException("a header field without a colon", start, lines);
        }
        String name = text(start, colon).strip().toLowerCase(Locale.ROOT);
        headers.add(new Header(COMPACT_FORMS.getOrDefault(name, name), colon + 1, end));
    }

    private void findBody() {
        bodyEnd = bytes.length;
        Header contentLength = find(CONTENT_LENGTH);
        if (contentLength == null) {
            return; // Tolerated: over UDP the body ends with the datagram (RFC 3261 18.3).
        }
        String value = value(contentLength);
        int length = decimal(value);
        if (length < 0 || length > bytes.length - bodyStart) {
            throw new SipSyntaxException(
                    "Content-Length is " + length(value) + ", but " + (bytes.length - bodyStart) + " bytes follow",
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
        for (int i = 0; i < pos; i++) {
            if (bytes[i] == '\n') {
                line++;
            }
        }
        return line;
    }

    /**
     * The message with another body: all other bytes are the same, but for the digits of Content-Length (a field of that name is
     * added where there is none).
     *
     * @return an array of its own
     */
    public byte[] withBody(byte[] body) {
        ByteArrayOutputStream message = new ByteArrayOutputStream(bytes.length + body.length);
        Header contentLength = find(CONTENT_LENGTH);
        byte[] length = Integer.toString(body.length).getBytes(StandardCharsets.US_ASCII);
        if (contentLength == null) {
            message.write(bytes, 0, headersEnd);
            message.writeBytes("Content-Length: ".getBytes(StandardCharsets.US_ASCII));
            message.writeBytes(length);
            message.write(bytes, headersEnd, bodyStart - headersEnd); // the empty line's own line end
            message.write(bytes, headersEnd, bodyStart - headersEnd);
        } else {
            int digits = contentLength.valueStart(); // perhaps on a line below, of a folded field
            while (!isDigit(bytes[digits])) {
                digits++;
            }
            int end = digits;
            while (end < contentLength.end() && isDigit(bytes[end])) {
                end++;
            }
            message.write(bytes, 0, digits);
            message.writeBytes(length);
            message.write(bytes, end, bodyStart - end);
        }
        message.writeBytes(body);
        message.write(bytes, bodyEnd, bytes.length - bodyEnd);
        return message.toByteArray();
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
        int start = VERSION.length() + 1;
        int end = startLine.indexOf(' ', start);
        String code = startLine.substring(start, end < 0 ? startLine.length() : end);
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
    private int lineEnd(int start) {
        int lineFeed = start;
        while (lineFeed < bytes.length && bytes[lineFeed] != '\n') {
            lineFeed++;
        }
        return lineFeed > start && lineFeed < bytes.length && bytes[lineFeed - 1] == '\r' ? lineFeed - 1 : lineFeed;
    }

    /** Behind the line end at {@code end}. */
    private int next(int end) {
        int lineFeed = end < bytes.length && bytes[end] == '\r' ? end + 1 : end;
        return Math.min(bytes.length, lineFeed + 1);
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    private String text(int start, int end) {
        return new String(bytes, start, end - start, StandardCharsets.UTF_8);
    }
}
