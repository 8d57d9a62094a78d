package io.mediaproxy.examples.stateless;

import org.jspecify.annotations.Nullable;

/**
 * The response with which a proxy refuses a request.
 *
 * @param unsupported the value of the header field Unsupported; null for none
 * @param retryAfter the seconds in the header field Retry-After; 0 for none
 */
public record Refusal(int status, String reason, @Nullable String unsupported, int retryAfter) {
    public static final Refusal TOO_MANY_HOPS = new Refusal(483, "Too Many Hops");
    static final Refusal NOT_FOUND = new Refusal(404, "Not Found, This Proxy Knows No Users");
    static final Refusal UNSUPPORTED_SCHEME = new Refusal(416, "Unsupported URI Scheme");
    static final Refusal UNREACHABLE = new Refusal(503, "Only IPv4 Addresses Are Reached, Names Are Not Looked Up");

    /** Of a new call, which would be late (RFC 3261 21.5.4). */
    static final Refusal BUSY = new Refusal(503, "Too Many Calls", null, 5);

    private Refusal(int status, String reason) {
        this(status, reason, null, 0);
    }

    static Refusal badRequest(String problem) {
        return new Refusal(400, "Bad Request, " + problem);
    }

    /** RFC 3261 16.3, step 5. */
    public static Refusal badExtension(String optionTags) {
        return new Refusal(420, "Bad Extension", optionTags, 0);
    }
}
