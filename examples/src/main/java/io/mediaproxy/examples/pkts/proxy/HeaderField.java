package io.mediaproxy.examples.pkts.proxy;

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

    /** RFC 3261 7.3.3; in the order of their numbers, a space where there is none. */
    private static final String COMPACT_FORMS = "v  fti l ";

    private HeaderField() {}

    static String name(int field) {
        return NAMES.get(field);
    }

    /** The number of the field with this name, in any case or in its compact form; -1: none of these. */
    static int find(byte[] array, int startInclusive, int endExclusive) {
        int length = endExclusive - startInclusive;
        if (length == 1) {
            return COMPACT_FORMS.indexOf(Ascii.lowerCase(array[startInclusive]));
        }
        for (int i = 0; i < COUNT; i++) {
            String name = NAMES.get(i);
            if (length == name.length() && Ascii.startsWith(array, startInclusive, endExclusive, name)) {
                return i;
            }
        }
        return -1;
    }
}
