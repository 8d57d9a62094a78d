package io.mediaproxy.examples;

/** Counts what a server does. Called on its threads, and must return at once. */
public interface ProxyEvents {
    /** Ignores everything. */
    ProxyEvents NONE = new ProxyEvents() {};

    /** A message arrived. */
    default void message() {}

    /** A call began. */
    default void call() {}

    /** A request was refused. */
    default void refused() {}

    /** A new call was refused because it would have been served too late. */
    default void turnedAway() {}

    /** A message was dropped. */
    default void dropped() {}

    /** A response was dropped that belongs to no request of this server. */
    default void strayResponse() {}

    /** A message was dropped because more of them arrive than the server can handle in time. */
    default void overloaded() {}

    /** A message was lost because it could not be handled or sent. */
    default void error() {}
}
