/** A MediaProxy dispatcher and relay inside the JVM. */
module io.mediaproxy.embedded {
    requires static transitive org.jspecify;
    requires com.fasterxml.jackson.databind;
    requires org.newsclub.net.unix;
    requires org.slf4j;

    exports io.mediaproxy.embedded;
    exports io.mediaproxy.embedded.report;
}
