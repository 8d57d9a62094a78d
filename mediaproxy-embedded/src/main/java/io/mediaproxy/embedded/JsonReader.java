package io.mediaproxy.embedded;

import java.util.HashMap;
import java.util.Map;

/**
 * Tells JSON from other text, by the rules of Python's {@code json.loads} ({@code NaN} and {@code Infinity} are numbers,
 * nesting has a limit), and keeps the string members of the outermost object.
 */
final class JsonReader {
    enum Kind {
        NOT_JSON,
        OBJECT,
        OTHER,
        TOO_DEEP
    }

    /**
     * What was read.
     *
     * @param members the outermost object's members that are strings
     */
    record Document(Kind kind, Map<String, String> members) {}

    private static final class NotJsonException extends Exception {
        private static final long serialVersionUID = 1L;

        NotJsonException() {
            super(null, null, false, false);
        }
    }

    private static final class TooDeepException extends Exception {
        private static final long serialVersionUID = 1L;

        TooDeepException() {
            super(null, null, false, false);
        }
    }

    /** Near Python's recursion limit of 1000 frames, of which some are taken when the relay parses. */
    private static final int DEEPEST = 950;

    private final String text;
    private final Map<String, String> members = new HashMap<>();
    private int at;

    private JsonReader(String text) {
        this.text = text;
    }

    static Document read(String text) {
        JsonReader reader = new JsonReader(text);
        try {
            reader.skipSpace();
            boolean object = reader.peek() == '{';
            reader.value(0);
            reader.skipSpace();
            if (reader.at < text.length()) {
                return new Document(Kind.NOT_JSON, Map.of());
            }
            return new Document(object ? Kind.OBJECT : Kind.OTHER, Map.copyOf(reader.members));
        } catch (NotJsonException e) {
            return new Document(Kind.NOT_JSON, Map.of());
        } catch (TooDeepException e) {
            return new Document(Kind.TOO_DEEP, Map.of());
        }
    }

    private void value(int depth) throws NotJsonException, TooDeepException {
        if (depth > DEEPEST) {
            throw new TooDeepException();
        }
        skipSpace();
        switch (peek()) {
            case '{' -> object(depth);
            case '[' -> array(depth);
            case '"' -> string();
            default -> wordOrNumber();
        }
    }

    private void object(int depth) throws NotJsonException, TooDeepException {
        at++;
        skipSpace();
        if (peek() == '}') {
            at++;
            return;
        }
        while (true) {
            skipSpace();
            String name = string();
            skipSpace();
            expect(':');
            skipSpace();
            if (peek() == '"') {
                String value = string();
                if (depth == 0) {
                    members.put(name, value);
                }
            } else {
                if (depth == 0) {
                    members.remove(name);
                }
                value(depth + 1);
            }
            if (endsAt('}')) {
                return;
            }
        }
    }

    private void array(int depth) throws NotJsonException, TooDeepException {
        at++;
        skipSpace();
        if (peek() == ']') {
            at++;
            return;
        }
        while (true) {
            value(depth + 1);
            if (endsAt(']')) {
                return;
            }
        }
    }

    private boolean endsAt(char bracket) throws NotJsonException {
        skipSpace();
        if (peek() == bracket) {
            at++;
            return true;
        }
        expect(',');
        return false;
    }

    private String string() throws NotJsonException {
        expect('"');
        StringBuilder value = new StringBuilder();
        while (true) {
            char c = peek();
            at++;
            if (c == '"') {
                return value.toString();
            }
            if (c < ' ') {
                throw new NotJsonException();
            }
            value.append(c == '\\' ? escaped() : c);
        }
    }

    private char escaped() throws NotJsonException {
        char c = peek();
        at++;
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unicode();
            default -> throw new NotJsonException();
        };
    }

    private char unicode() throws NotJsonException {
        int value = 0;
        for (int i = 0; i < 4; i++) {
            int digit = Character.digit(peek(), 16);
            if (digit < 0) {
                throw new NotJsonException();
            }
            value = 16 * value + digit;
            at++;
        }
        return (char) value;
    }

    private void wordOrNumber() throws NotJsonException {
        for (String word : new String[] {"true", "false", "null", "NaN", "Infinity", "-Infinity"}) {
            if (text.startsWith(word, at)) {
                at += word.length();
                return;
            }
        }
        if (peek() == '-') {
            at++;
        }
        if (at < text.length() && text.charAt(at) == '0') {
            at++;
        } else {
            digits();
        }
        // As Python's scanner: a fraction or an exponent that is not whole is left over, and left-overs are not JSON.
        if (at + 1 < text.length() && text.charAt(at) == '.' && isDigit(text.charAt(at + 1))) {
            at++;
            digits();
        }
        if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
            at++;
            if (at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-')) {
                at++;
            }
            digits();
        }
    }

    private void digits() throws NotJsonException {
        if (!isDigit(peek())) {
            throw new NotJsonException();
        }
        while (at < text.length() && isDigit(text.charAt(at))) {
            at++;
        }
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private void expect(char wanted) throws NotJsonException {
        if (peek() != wanted) {
            throw new NotJsonException();
        }
        at++;
    }

    private char peek() throws NotJsonException {
        if (at >= text.length()) {
            throw new NotJsonException();
        }
        return text.charAt(at);
    }

    private void skipSpace() {
        while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }
}
