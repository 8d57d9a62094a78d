package io.mediaproxy.session.sip;

/** Compares names of header fields: in any case, and some in a compact form (RFC 3261 7.3.1, 7.3.3). */
final class FieldName {
    /** In the order of their long forms. */
    private static final String COMPACT_FORMS = "imelcfsktv";

    private static final String[] LONG_FORMS = {
        "Call-ID",
        "Contact",
        "Content-Encoding",
        "Content-Length",
        "Content-Type",
        "From",
        "Subject",
        "Supported",
        "To",
        "Via"
    };

    private FieldName() {}

    /** Returns the long form of a name, in which {@link #isAt} expects it. */
    static String longForm(String name) {
        int compact = name.length() == 1 ? COMPACT_FORMS.indexOf(lowerCase(name.charAt(0))) : -1;
        return compact < 0 ? name : LONG_FORMS[compact];
    }

    /** Whether these bytes are a name. */
    static boolean isAt(byte[] bytes, int start, int end, String longForm) {
        if (end - start == 1) {
            int compact = COMPACT_FORMS.indexOf(lowerCase((char) bytes[start]));
            if (compact >= 0) {
                return LONG_FORMS[compact].equalsIgnoreCase(longForm);
            }
        }
        if (end - start != longForm.length()) {
            return false;
        }
        for (int i = 0; i < longForm.length(); i++) {
            if (lowerCase((char) bytes[start + i]) != lowerCase(longForm.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static char lowerCase(char c) {
        return c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c;
    }
}
