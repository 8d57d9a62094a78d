package io.mediaproxy.protocol.log;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Shows text from outside in messages and logs: printable ASCII in quotes, all else escaped, cut at {@value #MAX_BYTES}
 * bytes. Thread-safe.
 */
public final class Excerpt {
    /** Of one excerpt, before they are escaped. */
    public static final int MAX_BYTES = 64;

    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private Excerpt() {}

    /**
     * Shows a text.
     *
     * @param text from outside
     * @return the excerpt, in quotes
     */
    public static String of(String text) {
        // A character has at least one byte in UTF-8, so that more characters than this are never shown. A huge text is
        // not encoded.
        byte[] bytes = text.substring(0, Math.min(text.length(), MAX_BYTES + 1)).getBytes(StandardCharsets.UTF_8);
        return of(bytes, bytes.length);
    }

    /**
     * Shows a Call-ID, a tag or another word.
     *
     * @param word from outside
     * @return the word itself if it is a short one of printable ASCII without quotes, which cannot be taken for more
     *     than a word; else its excerpt
     */
    public static String name(String word) {
        boolean isWord = !word.isEmpty() && word.length() <= MAX_BYTES;
        for (int i = 0; isWord && i < word.length(); i++) {
            char c = word.charAt(i);
            isWord = isPrintable(c) && c != ' ' && c != '"' && c != '\\';
        }
        return isWord ? word : of(word);
    }

    /**
     * Shows the remaining bytes, and leaves the buffer as it is.
     *
     * @param buffer with bytes from outside
     * @return the excerpt, in quotes
     */
    public static String of(ByteBuffer buffer) {
        byte[] bytes = new byte[Math.min(buffer.remaining(), MAX_BYTES + 1)];
        buffer.get(buffer.position(), bytes);
        return of(bytes, bytes.length);
    }

    /**
     * Shows the first bytes of an array.
     *
     * @param bytes from outside
     * @param length of them
     * @return the excerpt, in quotes
     */
    public static String of(byte[] bytes, int length) {
        int shown = Math.min(length, MAX_BYTES);
        StringBuilder excerpt = new StringBuilder(shown + 8).append('"');
        for (int i = 0; i < shown; i++) {
            append(excerpt, bytes[i]);
        }
        excerpt.append('"');
        return length > shown ? excerpt.append("...").toString() : excerpt.toString();
    }

    /** Shows a longer text, as it is except for what is not printable ASCII; cut at {@value Log#MAX_CHARS}. */
    static String line(String text) {
        int end = 0;
        while (end < text.length() && end < Log.MAX_CHARS && isPrintable(text.charAt(end))) {
            end++;
        }
        if (end == text.length()) {
            return text;
        }
        StringBuilder line = new StringBuilder(text.length() + 8);
        for (int i = 0; i < text.length() && line.length() < Log.MAX_CHARS; i++) {
            char c = text.charAt(i);
            if (isPrintable(c)) {
                line.append(c);
            } else {
                for (byte b : String.valueOf(c).getBytes(StandardCharsets.UTF_8)) {
                    append(line, b);
                }
            }
        }
        return text.length() > Log.MAX_CHARS ? line.append("...").toString() : line.toString();
    }

    private static boolean isPrintable(char c) {
        return c >= ' ' && c < 0x7F;
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
