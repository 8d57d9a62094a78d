/** {@code use_media_proxy}, {@code end_media_session} and their parameters, for any SIP stack. */
module io.mediaproxy.session {
    requires static transitive org.jspecify;
    requires transitive io.mediaproxy.protocol;
    requires transitive io.mediaproxy.sdp;
    requires org.slf4j;

    exports io.mediaproxy.session;
    exports io.mediaproxy.session.sip;
}
