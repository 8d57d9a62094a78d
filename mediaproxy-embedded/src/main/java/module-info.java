/** A MediaProxy dispatcher and relay inside the JVM. */
module io.mediaproxy.embedded {
    requires static transitive org.jspecify;
    requires org.slf4j;

    exports io.mediaproxy.embedded;
}
