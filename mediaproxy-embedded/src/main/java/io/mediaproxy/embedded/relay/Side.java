package io.mediaproxy.embedded.relay;

/** The two parties of a session as MediaProxy names them. The caller sent the request that created the session. */
enum Side {
    CALLER,
    CALLEE;

    Side other() {
        return this == CALLER ? CALLEE : CALLER;
    }
}
