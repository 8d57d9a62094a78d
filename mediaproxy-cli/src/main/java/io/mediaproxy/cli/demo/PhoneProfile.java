package io.mediaproxy.cli.demo;

/**
 * Who a phone is and what its NAT makes of it.
 *
 * @param user its name in the proxy's domain
 * @param privateAddress the address behind the NAT, which it tells everybody and nobody can reach
 * @param privatePort the RTP port there
 * @param speaks the tone that it sends
 * @param hears the tone that it expects from the other party
 */
record PhoneProfile(String user, String privateAddress, int privatePort, Tone speaks, Tone hears) {}
