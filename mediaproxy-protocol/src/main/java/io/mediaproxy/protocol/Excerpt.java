package io.mediaproxy.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Shows text from outside in messages and logs: printable ASCII in quotes, all else escaped, cut at {@value #MAX_BYTES}
 * bytes.
 */
final class Excerpt {
    static final int MAX_BYTES = 64;

    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private Excerpt() {}

    static String of(String text) {
        // A character has at least one byte in UTF-8, so that more characters than this are never shown. A huge text is
        // not encoded.
        byte[] bytes = text.substring(0, Math.min(text.length(), MAX_BYTES + 1)).getBytes(StandardCharsets.UTF_8);
        return of(bytes, bytes.length);
    }

    /** Shows the remaining bytes, and leaves the buffer as it is. */
    static String of(ByteBuffer buffer) {
        byte[] bytes = new byte[Math.min(buffer.remaining(), MAX_BYTES + 1)];
        buffer.get(buffer.position(), bytes);
        return of(bytes, bytes.length);
    }

    static String of(byte[] bytes, int length) {
        int shown = Math.min(length, MAX_BYTES);
        StringBuilder excerpt = new StringBuilder(shown + 8).append('"');
        for (int i = 0; i < shown; i++) {
            append(excerpt, bytes[i]);
        }
        excerpt.append('"');
        return length > shown ? excerpt.append("...").toString() : excerpt.toString();
    }

    private static void append(StringBuilder excerpt, byte b) {
        switch (b) {
            case '\r' -> excerpt.append("\\r");
            case '\n' -> excerpt.append("\\n");
            case '\t' -> excerpt.append("\\t");
            case '"', '\\' -> excerpt.append('\\').append((char) b);
            default -> {
                if (b >= ' ' && b < 0x7F) {
                    excerpt.append((char) b);
                } else {
                    excerpt.append("\\x").append(HEX[(b >> 4) & 0xF]).append(HEX[b & 0xF]);
                }
            }
        }
    }
}
