package io.mediaproxy.examples.stateless;

import java.util.List;

/** The header fields that a stateless proxy reads, numbered from 0. */
final class HeaderField {
    static final int VIA = 0;
    static final int ROUTE = 1;
    static final int MAX_FORWARDS = 2;
    static final int FROM = 3;
    static final int TO = 4;
    static final int CALL_ID = 5;
    static final int CSEQ = 6;
    static final int CONTENT_LENGTH = 7;
    static final int PROXY_REQUIRE = 8;

    /** In the order of their numbers. */
    private static final List<String> NAMES =
            List.of("via", "route", "max-forwards", "from", "to", "call-id", "cseq", "content-length", "proxy-require");

    static final int COUNT = NAMES.size();

    /** RFC 3261 7.3.3; in the order of their numbers, a space if there is none. */
    private static final String COMPACT_FORMS = "v  fti l ";

    private HeaderField() {}

    static String name(int field) {
        return NAMES.get(field);
    }

    /** Returns the number of the field with this name, in any case or in compact form; -1 if it is not one of these. */
    static int find(byte[] array, int start, int end) {
        int length = end - start;
        if (length == 1) {
            return COMPACT_FORMS.indexOf(Ascii.lowerCase(array[start]));
        }
        for (int i = 0; i < COUNT; i++) {
            String name = NAMES.get(i);
            if (length == name.length() && Ascii.startsWith(array, start, end, name)) {
                return i;
            }
        }
        return -1;
    }
}
