package io.mediaproxy.sdp;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Searches a multipart body (RFC 2046 5.1) in one pass for its first part of a given type, in any position:
 *
 * <pre>
 *   preamble
 *   --boundary
 *   Content-Type: ...        header fields in any order, perhaps folded, perhaps none
 *
 *   content
 *   --boundary--
 *   epilogue
 * </pre>
 *
 * <p>The line end before a delimiter line belongs to the delimiter. Tolerated: LF alone as line end, blanks after a
 * delimiter, a body that ends without the last delimiter. A part that is multipart itself is searched too, one level
 * deep. Not thread-safe.
 */
final class Multipart {
    /** Bounds the cost of one part's header fields; a part that has more is skipped. */
    private static final int MAX_HEADER_BYTES = 4096;

    private static final byte DASH = '-';

    private static final byte[] CONTENT_TYPE = Ascii.bytes("content-type");
    private static final byte[] TRANSFER_ENCODING = Ascii.bytes("content-transfer-encoding");
    private static final byte[] ENCODING = Ascii.bytes("content-encoding");
    private static final byte[] DISPOSITION = Ascii.bytes("content-disposition");

    /**
     * The place of the wanted part's content, or the reason why there is none.
     *
     * @param isReadable false if there may be such a part, but it cannot be read
     */
    record Part(int start, int end, boolean isReadable, String reason) {
        /** A part of another type. */
        static final Part OTHER = absent("");

        static Part absent(String reason) {
            return new Part(-1, -1, true, reason);
        }

        static Part unreadable(String reason) {
            return new Part(-1, -1, false, reason);
        }

        boolean isPresent() {
            return start >= 0;
        }

        /**
         * Returns the better one of two parts: present, then unreadable, then absent; the later one if they are equal.
         */
        Part or(Part later) {
            if (later.isPresent()) {
                return later;
            }
            return isReadable && !later.reason().isEmpty() ? later : this;
        }
    }

    private final byte[] buffer;
    private final byte[] delimiter;

    private Multipart(byte[] buffer, String boundary) {
        this.buffer = buffer;
        this.delimiter = ("--" + boundary).getBytes(StandardCharsets.UTF_8);
    }

    static Part find(ContentType type, String wanted, byte[] buffer, int start, int end) {
        return find(type, wanted, buffer, start, end, true);
    }

    private static Part find(ContentType type, String wanted, byte[] buffer, int start, int end, boolean mayNest) {
        String boundary = type.boundary();
        if (boundary == null) {
            return Part.unreadable("the body is " + type + " without a usable boundary");
        }
        return new Multipart(buffer, boundary).search(wanted, start, end, mayNest);
    }

    private Part search(String wanted, int start, int end, boolean mayNest) {
        Part best = Part.absent("no part of the multipart body is " + wanted);
        int partStart = -1;
        boolean last = false;
        for (int pos = start; pos < end && !last; ) {
            int next = nextLine(pos, end);
            if (isDelimiter(pos, end)) {
                if (partStart >= 0) {
                    best = best.or(match(wanted, partStart, withoutLineEnd(partStart, pos), mayNest));
                }
                last = best.isPresent() || isLast(pos, end);
                partStart = next;
            }
            pos = next;
        }
        // Tolerated: the last delimiter is missing.
        return last || partStart < 0 ? best : best.or(match(wanted, partStart, end, mayNest));
    }

    /** The content of the part at the range, if it has the wanted type or contains a part that has it. */
    private Part match(String wanted, int partStart, int partEnd, boolean mayNest) {
        int content = contentStart(partStart, partEnd);
        if (content < 0) {
            return Part.OTHER;
        }
        String contentType = headerField(CONTENT_TYPE, partStart, content);
        if (contentType == null) {
            return Part.OTHER; // RFC 2046 5.1: a part without a type is text/plain.
        }
        ContentType type = ContentType.parse(contentType);
        if (type.is(wanted)) {
            BodyHeaders headers = new BodyHeaders(
                    contentType,
                    headerField(DISPOSITION, partStart, content),
                    headerField(ENCODING, partStart, content));
            return matched(wanted, headers, headerField(TRANSFER_ENCODING, partStart, content), content, partEnd);
        }
        return mayNest && type.isMultipart() ? find(type, wanted, buffer, content, partEnd, false) : Part.OTHER;
    }

    private static Part matched(
            String wanted, BodyHeaders headers, @Nullable String transferEncoding, int content, int partEnd) {
        if (!headers.isOfSession()) {
            return Part.absent("the " + wanted + " part has Content-Disposition " + headers.contentDisposition());
        }
        if (!isIdentity(transferEncoding)) {
            return Part.unreadable("the " + wanted + " part has Content-Transfer-Encoding " + transferEncoding);
        }
        if (!headers.isIdentity()) {
            return Part.unreadable("the " + wanted + " part has Content-Encoding " + headers.contentEncoding());
        }
        return new Part(content, partEnd, true, "");
    }

    /** RFC 2045 6.2: only these leave the bytes as they are. */
    private static boolean isIdentity(@Nullable String encoding) {
        return encoding == null
                || switch (FirstToken.of(encoding)) {
                    case "7bit", "8bit", "binary" -> true;
                    default -> false;
                };
    }

    private int contentStart(int start, int end) {
        int limit = Math.min(end, start + MAX_HEADER_BYTES);
        for (int pos = start; pos < limit; ) {
            int next = nextLine(pos, end);
            if (withoutLineEnd(pos, next) == pos) {
                return next;
            }
            pos = next;
        }
        return -1;
    }

    /** The unfolded, trimmed value of the first header field of that name, or null. */
    private @Nullable String headerField(byte[] lowerCaseName, int start, int end) {
        for (int pos = start; pos < end; ) {
            int next = nextLine(pos, end);
            while (next < end && Ascii.isBlank(buffer[next])) {
                next = nextLine(next, end);
            }
            int value = valueOf(lowerCaseName, pos, next);
            if (value >= 0) {
                return Ascii.string(buffer, value, next).strip();
            }
            pos = next;
        }
        return null;
    }

    /** The position after the colon, if the header field at the range has that name, or -1. */
    private int valueOf(byte[] lowerCaseName, int start, int end) {
        if (!Ascii.startsWithIgnoreCase(buffer, start, end, lowerCaseName)) {
            return -1;
        }
        int colon = Ascii.skipBlanks(buffer, start + lowerCaseName.length, end);
        return colon < end && buffer[colon] == ':' ? colon + 1 : -1;
    }

    private boolean isDelimiter(int pos, int end) {
        if (!Ascii.startsWith(buffer, pos, end, delimiter)) {
            return false;
        }
        int after = pos + delimiter.length;
        if (isLast(pos, end)) {
            after += 2;
        }
        int lineEnd = withoutLineEnd(after, Math.max(after, nextLine(pos, end)));
        return Ascii.skipBlanks(buffer, after, lineEnd) == lineEnd;
    }

    private boolean isLast(int pos, int end) {
        int after = pos + delimiter.length;
        return after + 1 < end && buffer[after] == DASH && buffer[after + 1] == DASH;
    }

    /** The position after the next LF, or the end. */
    private int nextLine(int pos, int end) {
        return Math.min(Ascii.lineFeed(buffer, pos, end) + 1, end);
    }

    /** The range's end without one LF or CR LF. */
    private int withoutLineEnd(int start, int end) {
        if (end == start || buffer[end - 1] != Ascii.LF) {
            return end;
        }
        return end - 1 > start && buffer[end - 2] == Ascii.CR ? end - 2 : end - 1;
    }
}
