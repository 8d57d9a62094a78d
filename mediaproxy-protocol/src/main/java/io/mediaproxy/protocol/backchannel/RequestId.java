package io.mediaproxy.protocol.backchannel;

/**
 * What an answer is matched to its request by; goes back as it came.
 *
 * @param text the string's value, or the digits of a number as they stood there
 */
record RequestId(String text, boolean isNumber) {}
