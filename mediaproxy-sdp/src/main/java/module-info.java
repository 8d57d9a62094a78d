/** SDP bytes in, edits out; depends on nothing but the JDK. */
module io.mediaproxy.sdp {
    requires static transitive org.jspecify;

    exports io.mediaproxy.sdp;
}
