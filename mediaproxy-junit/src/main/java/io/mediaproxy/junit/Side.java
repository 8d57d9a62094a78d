package io.mediaproxy.junit;

/** A party of a call. */
public enum Side {
    /** The one that sent the first INVITE. */
    CALLER,
    /** The other one. */
    CALLEE
}
