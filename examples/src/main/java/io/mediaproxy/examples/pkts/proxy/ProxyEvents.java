package io.mediaproxy.examples.pkts.proxy;

/** Counts what a proxy does. Called on the proxy's threads, and must return at once. */
public interface ProxyEvents {
    /** Ignores everything. */
    ProxyEvents NONE = new ProxyEvents() {};

    /** A message arrived. */
    default void message() {}

    /** A call began. */
    default void call() {}

    /** A request was refused. */
    default void refused() {}

    /** A message was dropped. */
    default void dropped() {}

    /** A response was dropped that belongs to no request of this proxy. */
    default void strayResponse() {}

    /** A message was lost because it could not be handled or sent. */
    default void error() {}
}
