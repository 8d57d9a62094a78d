/** The MediaProxy dispatcher's wire protocol and an asynchronous client for it. */
@SuppressWarnings("module") // those that may log are compiled later
module io.mediaproxy.protocol {
    requires static transitive org.jspecify;
    requires com.fasterxml.jackson.core;
    requires org.newsclub.net.unix;
    requires com.kohlschutter.junixsocket.nativecommon; // its native library, which the module above does not require
    requires org.slf4j;

    exports io.mediaproxy.protocol;
    exports io.mediaproxy.protocol.backchannel;
    exports io.mediaproxy.protocol.log to
            io.mediaproxy.session,
            io.mediaproxy.jainsip,
            io.mediaproxy.pkts,
            io.mediaproxy.cli;
}
