/** The MediaProxy dispatcher's wire protocol and an asynchronous client for it. */
module io.mediaproxy.protocol {
    requires static transitive org.jspecify;
    requires com.fasterxml.jackson.core;
    requires org.newsclub.net.unix;
    requires com.kohlschutter.junixsocket.nativecommon; // its native library, which the module above does not require
    requires transitive org.slf4j;

    exports io.mediaproxy.protocol;
    exports io.mediaproxy.protocol.backchannel;
    exports io.mediaproxy.protocol.log;
}
