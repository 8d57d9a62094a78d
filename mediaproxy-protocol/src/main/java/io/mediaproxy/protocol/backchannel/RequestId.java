package io.mediaproxy.protocol.backchannel;

/**
 * The id of a request, which its answer repeats.
 *
 * @param text the value of the string, or the digits of the number as they were received
 * @param isNumber whether the answer has a number, not a string
 */
record RequestId(String text, boolean isNumber) {}
