package io.mediaproxy.cli.demo;

/**
 * The identity of a phone and its private address.
 *
 * @param user its name
 * @param privateAddress the address behind the NAT, which its SDP names and nothing else can reach
 * @param privatePort the RTP port behind the NAT
 * @param speaks the tone that it sends
 * @param hears the tone that it expects from the other party
 */
record PhoneProfile(String user, String privateAddress, int privatePort, Tone speaks, Tone hears) {}
