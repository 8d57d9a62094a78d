package io.mediaproxy.protocol;

import java.nio.charset.StandardCharsets;

/** Text from outside as an error message may carry it: printable ASCII in quotes, cut at 64 bytes. */
final class Excerpt {
    static final int MAX_BYTES = 64;

    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private Excerpt() {}

    static String of(String text) {
        // One character has at least one byte: more than this many are never shown, so that no huge value is encoded.
        byte[] bytes = text.substring(0, Math.min(text.length(), MAX_BYTES + 1)).getBytes(StandardCharsets.UTF_8);
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
