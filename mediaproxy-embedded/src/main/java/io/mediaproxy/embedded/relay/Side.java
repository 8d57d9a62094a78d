package io.mediaproxy.embedded.relay;

/** The two ends of a session as MediaProxy names them: the caller sent the request that created it. */
enum Side {
    CALLER,
    CALLEE;

    Side other() {
        return this == CALLER ? CALLEE : CALLER;
    }
}
