/** SDP bytes in, edits out; depends on nothing but the JDK. */
module io.mediaproxy.sdp {
    requires static org.jspecify;

    exports io.mediaproxy.sdp;
}
