package io.mediaproxy.session;

/** The two parties of a call: the caller sent its first INVITE. */
enum Side {
    CALLER,
    CALLEE;

    Side other() {
        return this == CALLER ? CALLEE : CALLER;
    }
}
