package io.mediaproxy.sdp;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A media type with its boundary parameter (RFC 3261 20.15, RFC 2046 5.1.1). Immutable. Thread-safe. */
record ContentType(String mediaType, @Nullable String boundary) {
    private static final String MULTIPART = "multipart/";
    private static final String BOUNDARY = "boundary";

    /** RFC 2046 5.1.1: the longest boundary that is allowed. */
    private static final int MAX_BOUNDARY = 70;

    /**
     * Parses a header field value. An odd value is no error: it results in a type that equals no other, or in no
     * boundary.
     */
    static ContentType parse(String value) {
        int semicolon = value.indexOf(';');
        String mediaType = withoutBlanks(semicolon < 0 ? value : value.substring(0, semicolon))
                .toLowerCase(Locale.ROOT);
        String boundary = semicolon < 0 ? null : boundary(value, semicolon);
        return new ContentType(mediaType, boundary);
    }

    boolean is(String type) {
        return mediaType.equals(type);
    }

    boolean isMultipart() {
        return mediaType.startsWith(MULTIPART);
    }

    /** {@code *( ";" name "=" ( token / quoted-string ) )} from the first semicolon on. */
    private static @Nullable String boundary(String value, int semicolon) {
        int pos = semicolon;
        while (pos < value.length() && value.charAt(pos) == ';') {
            int equals = pos + 1;
            while (equals < value.length() && value.charAt(equals) != '=' && value.charAt(equals) != ';') {
                equals++;
            }
            if (equals == value.length() || value.charAt(equals) == ';') {
                pos = equals; // a parameter without a value
                continue;
            }
            String name = value.substring(pos + 1, equals).strip();
            int start = equals + 1;
            while (start < value.length() && isBlank(value.charAt(start))) {
                start++;
            }
            StringBuilder text = new StringBuilder();
            pos = readValue(value, start, text);
            if (name.equalsIgnoreCase(BOUNDARY)) {
                String boundary = text.toString();
                return boundary.isEmpty() || boundary.length() > MAX_BOUNDARY ? null : boundary;
            }
            while (pos < value.length() && value.charAt(pos) != ';') {
                pos++;
            }
        }
        return null;
    }

    /** Reads a token or a quoted string from {@code start}, and returns the position after it. */
    private static int readValue(String value, int start, StringBuilder text) {
        int pos = start;
        if (pos < value.length() && value.charAt(pos) == '"') {
            pos++;
            while (pos < value.length() && value.charAt(pos) != '"') {
                if (value.charAt(pos) == '\\' && pos + 1 < value.length()) {
                    pos++;
                }
                text.append(value.charAt(pos));
                pos++;
            }
            return pos + 1;
        }
        while (pos < value.length() && value.charAt(pos) != ';' && !isBlank(value.charAt(pos))) {
            text.append(value.charAt(pos));
            pos++;
        }
        return pos;
    }

    /** RFC 3261 25.1 allows blanks around the slash. */
    private static String withoutBlanks(String text) {
        StringBuilder result = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            if (!isBlank(text.charAt(i))) {
                result.append(text.charAt(i));
            }
        }
        return result.toString();
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }

    @Override
    public String toString() {
        return mediaType.isEmpty() ? "of no type" : mediaType;
    }
}
