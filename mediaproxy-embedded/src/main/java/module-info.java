/** A MediaProxy dispatcher and relay inside the JVM. */
module io.mediaproxy.embedded {
    requires static transitive org.jspecify;
    requires com.fasterxml.jackson.core;
    requires org.newsclub.net.unix;
    requires com.kohlschutter.junixsocket.nativecommon; // its native library, which the module above does not require
    requires org.slf4j;

    exports io.mediaproxy.embedded;
    exports io.mediaproxy.embedded.report;
}
