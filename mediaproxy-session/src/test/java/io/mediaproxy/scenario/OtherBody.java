package io.mediaproxy.scenario;

/** The content of bodies that are no SDP: all that matters of it is that it is there. */
final class OtherBody {
    private static final String BOUNDARY = "part-of-the-ladder";

    private OtherBody() {}

    /** The Content-Type of a body that the ladder calls by this media type. */
    static String contentType(String mediaType) {
        return mediaType.startsWith("multipart/") ? mediaType + ";boundary=" + BOUNDARY : mediaType;
    }

    static String of(String mediaType) {
        if (!mediaType.startsWith("multipart/")) {
            return "content of " + mediaType + "\r\n";
        }
        return part("application/isup") + part("application/resource-lists+xml") + "--" + BOUNDARY + "--\r\n";
    }

    private static String part(String mediaType) {
        return "--" + BOUNDARY + "\r\nContent-Type: " + mediaType + "\r\n\r\ncontent of " + mediaType + "\r\n";
    }
}
