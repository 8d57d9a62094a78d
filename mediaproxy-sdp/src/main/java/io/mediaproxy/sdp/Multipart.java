package io.mediaproxy.sdp;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One pass over a multipart body (RFC 2046 5.1) in search of its first part of a given type, wherever it stands:
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
 * <p>The line end before a delimiter line belongs to the delimiter. Tolerated: LF alone as line end, blanks behind a
 * delimiter, a body that ends without the last delimiter. A part that is multipart itself is searched too, one level deep.
 */
final class Multipart {
    /** Bounds what the headers of one part can cost; a part that has more is passed over. */
    private static final int MAX_HEADER_BYTES = 4096;

    private static final byte DASH = '-';

    private static final byte[] CONTENT_TYPE = Ascii.bytes("content-type");
    private static final byte[] TRANSFER_ENCODING = Ascii.bytes("content-transfer-encoding");
    private static final byte[] DISPOSITION = Ascii.bytes("content-disposition");

    /** RFC 3959: media of before the answer, described beside the session itself. */
    private static final String EARLY_SESSION = "early-session";

    /** Where the wanted part's content is, or why there is none. */
    record Part(int start, int end, String reason) {
        static Part absent(String reason) {
            return new Part(-1, -1, reason);
        }

        boolean isPresent() {
            return start >= 0;
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
            return Part.absent("the body is " + type + " without a usable boundary");
        }
        return new Multipart(buffer, boundary).search(wanted, start, end, mayNest);
    }

    private Part search(String wanted, int start, int end, boolean mayNest) {
        String reason = "no part of the multipart body is " + wanted;
        int partStart = -1;
        for (int pos = start; pos < end; ) {
            int next = nextLine(pos, end);
            if (isDelimiter(pos, end)) {
                if (partStart >= 0) {
                    Part found = match(wanted, partStart, withoutLineEnd(partStart, pos), mayNest);
                    if (found.isPresent()) {
                        return found;
                    }
                    reason = found.reason().isEmpty() ? reason : found.reason();
                }
                if (isLast(pos, end)) {
                    return Part.absent(reason);
                }
                partStart = next;
            }
            pos = next;
        }
        if (partStart >= 0) { // Tolerated: the last delimiter is missing.
            Part found = match(wanted, partStart, end, mayNest);
            if (found.isPresent() || !found.reason().isEmpty()) {
                return found;
            }
        }
        return Part.absent(reason);
    }

    /** The content of the part at the range if it is of the wanted type, or has a part in it that is. */
    private Part match(String wanted, int partStart, int partEnd, boolean mayNest) {
        int content = contentStart(partStart, partEnd);
        if (content < 0) {
            return Part.absent("");
        }
        String contentType = headerField(CONTENT_TYPE, partStart, content);
        if (contentType == null) {
            return Part.absent(""); // RFC 2046 5.1: a part without a type is text/plain.
        }
        ContentType type = ContentType.parse(contentType);
        if (type.is(wanted)) {
            String encoding = headerField(TRANSFER_ENCODING, partStart, content);
            String disposition = headerField(DISPOSITION, partStart, content);
            if (!isIdentity(encoding)) {
                return Part.absent("the " + wanted + " part has Content-Transfer-Encoding " + encoding);
            }
            return disposition != null && firstToken(disposition).equals(EARLY_SESSION)
                    ? Part.absent("the " + wanted + " part is of an early session")
                    : new Part(content, partEnd, "");
        }
        return mayNest && type.isMultipart() ? find(type, wanted, buffer, content, partEnd, false) : Part.absent("");
    }

    /** RFC 2045 6.2: only these leave the bytes as they are. */
    private static boolean isIdentity(@Nullable String encoding) {
        return encoding == null
                || switch (firstToken(encoding)) {
                    case "7bit", "8bit", "binary" -> true;
                    default -> false;
                };
    }

    /** What is before the first blank, semicolon or comment, in lower case. */
    private static String firstToken(String value) {
        int end = 0;
        while (end < value.length() && " \t;(".indexOf(value.charAt(end)) < 0) {
            end++;
        }
        return value.substring(0, end).toLowerCase(Locale.ROOT);
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

    /** Behind the colon of the header field at the range if it has that name, or -1. */
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
        int behind = pos + delimiter.length;
        if (isLast(pos, end)) {
            behind += 2;
        }
        int lineEnd = withoutLineEnd(behind, Math.max(behind, nextLine(pos, end)));
        return Ascii.skipBlanks(buffer, behind, lineEnd) == lineEnd;
    }

    private boolean isLast(int pos, int end) {
        int behind = pos + delimiter.length;
        return behind + 1 < end && buffer[behind] == DASH && buffer[behind + 1] == DASH;
    }

    /** Behind the next LF, or the end. */
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
