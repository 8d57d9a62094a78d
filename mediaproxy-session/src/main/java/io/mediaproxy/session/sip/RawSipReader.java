package io.mediaproxy.session.sip;

import io.mediaproxy.session.sip.RawSipMessage.Field;
import io.mediaproxy.session.sip.RawSipMessage.Layout;
import java.util.ArrayList;
import java.util.List;

/** Finds the start line, the header fields and the body of one message. Not thread-safe. */
final class RawSipReader {
    static final String CONTENT_LENGTH = "Content-Length";

    /** Bounds the work that one message can cause. */
    static final int MAX_FIELDS = 256;

    static final int MAX_FIELD_BYTES = 8192;

    private static final int MAX_DIGITS = 9;

    private final byte[] bytes;
    private final int start;
    private final int end;

    private int pos;
    private int lines;

    RawSipReader(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.start = start;
        this.end = end;
        this.pos = start;
    }

    /** @throws SipSyntaxException as {@link RawSipMessage#parse} */
    RawSipMessage read(String sourceAddress) {
        StartLine startLine = readStartLine();
        List<Field> fields = new ArrayList<>(16);
        int headersEnd = readFields(fields);
        Layout layout = new Layout(start, headersEnd, pos, bodyEnd(fields));
        return new RawSipMessage(bytes, layout, startLine, fields, sourceAddress);
    }

    private StartLine readStartLine() {
        while (pos < end && (bytes[pos] == '\r' || bytes[pos] == '\n')) { // RFC 3261 7.5
            if (bytes[pos] == '\n') {
                lines++;
            }
            pos++;
        }
        int lineEnd = lineEnd(pos);
        StartLine startLine = StartLine.read(bytes, pos, lineEnd);
        lines++;
        if (startLine == null) {
            throw syntaxError("the first line is neither a request line nor a status line", pos, lines);
        }
        pos = next(lineEnd);
        return startLine;
    }

    /** Returns the index of the empty line and stops after it. */
    private int readFields(List<Field> fields) {
        while (pos < end) {
            int fieldStart = pos;
            int fieldEnd = lineEnd(fieldStart);
            pos = next(fieldEnd);
            lines++;
            if (fieldEnd == fieldStart) {
                return fieldStart;
            }
            while (pos < end && isBlank(bytes[pos])) { // RFC 3261 7.3.1: folded
                fieldEnd = lineEnd(pos);
                pos = next(fieldEnd);
                lines++;
            }
            if (fieldEnd - fieldStart > MAX_FIELD_BYTES) {
                throw syntaxError(
                        "a header field of " + (fieldEnd - fieldStart) + " bytes, at most " + MAX_FIELD_BYTES
                                + " are allowed",
                        fieldStart,
                        lineOf(fieldStart));
            }
            if (fields.size() == MAX_FIELDS) {
                throw syntaxError("more than " + MAX_FIELDS + " header fields", fieldStart, lineOf(fieldStart));
            }
            fields.add(field(fieldStart, fieldEnd));
        }
        throw syntaxError("no empty line ends the header fields", end, lines + 1);
    }

    private Field field(int fieldStart, int fieldEnd) {
        int colon = fieldStart;
        while (colon < fieldEnd && bytes[colon] != ':') {
            colon++;
        }
        if (colon == fieldEnd) {
            throw syntaxError("a header field without a colon", fieldStart, lines);
        }
        int nameStart = fieldStart;
        int nameEnd = colon;
        while (nameStart < nameEnd && RawSipMessage.isWhiteSpace(bytes[nameStart])) {
            nameStart++;
        }
        while (nameEnd > nameStart && RawSipMessage.isWhiteSpace(bytes[nameEnd - 1])) {
            nameEnd--;
        }
        return new Field(nameStart, nameEnd, colon + 1, fieldEnd);
    }

    private int bodyEnd(List<Field> fields) {
        int length = -1;
        for (Field field : fields) {
            if (RawSipMessage.isNamed(bytes, field, CONTENT_LENGTH)) {
                int next = contentLength(field);
                if (length >= 0 && next != length) { // each reader of the message would take another one
                    throw syntaxError(
                            "Content-Length is " + next + ", which differs from " + length + " before",
                            field.valueStart(),
                            lineOf(field.valueStart()));
                }
                length = next;
            }
        }
        return length < 0 ? end : pos + length;
    }

    private int contentLength(Field field) {
        String value = RawSipMessage.value(bytes, field);
        int length = decimal(value);
        if (length < 0 || length > end - pos) {
            throw syntaxError(
                    "Content-Length is " + (length < 0 ? "no number" : value) + ", but " + (end - pos)
                            + " bytes follow",
                    field.valueStart(),
                    lineOf(field.valueStart()));
        }
        return length;
    }

    /** Returns a number of at most nine digits, or -1. */
    static int decimal(String text) {
        if (text.isEmpty() || text.length() > MAX_DIGITS) {
            return -1;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return -1;
            }
        }
        return Integer.parseInt(text);
    }

    private int lineOf(int index) {
        int line = 1;
        for (int i = start; i < index; i++) {
            if (bytes[i] == '\n') {
                line++;
            }
        }
        return line;
    }

    private SipSyntaxException syntaxError(String problem, int index, int line) {
        return new SipSyntaxException(problem, index - start, line);
    }

    /** Returns the end of the line's content: at its CR LF, its LF, or the end of the message. */
    private int lineEnd(int lineStart) {
        int lineFeed = lineStart;
        while (lineFeed < end && bytes[lineFeed] != '\n') {
            lineFeed++;
        }
        return lineFeed > lineStart && lineFeed < end && bytes[lineFeed - 1] == '\r' ? lineFeed - 1 : lineFeed;
    }

    /** Returns the index after the line end at {@code lineEnd}. */
    private int next(int lineEnd) {
        int lineFeed = lineEnd < end && bytes[lineEnd] == '\r' ? lineEnd + 1 : lineEnd;
        return Math.min(end, lineFeed + 1);
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }
}
