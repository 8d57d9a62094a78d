/**
 * A MediaProxy dispatcher and relay inside the JVM, for trying and testing: the same UNIX socket, the same words, real UDP
 * ports. It is the other end of a dispatcher client and shares no code with one.
 *
 * <pre>
 * client ── UNIX socket ──► ControlConnection ─► CommandReader ─► CommandRouter     one thread: EmbeddedDispatcher
 *                                                                      │ which relay has the call?
 *                                                                      ▼
 *   phone ◄── UDP ──► PacketForwarder ◄─ RelayedStream ◄─ RelaySession ◄─ RelaySessions    one thread each: EmbeddedRelay
 * </pre>
 *
 * <p>It imitates MediaProxy 4.1.2 (AG Projects) and is held against exchanges recorded with that version: what counts as a
 * line, a header, an offer or an answer, which ports come back for which CSeq, when the reply is {@code None} or
 * {@code error}, what a Call-ID means to the dispatcher and what the tags mean to the relay, replies that overtake each
 * other, ports that a refused offer keeps until they time out.
 *
 * <p>Where it differs from the real one:
 *
 * <ul>
 *   <li>Dispatcher and relay talk by method call: there is no TLS link that drops, no {@code ping}, no relay that is stalled.
 *       Stalls, delays and broken replies are ordered, as {@link io.mediaproxy.embedded.Fault}s. A command with white space
 *       inside its name gets its {@code error} at once instead of after the 5 s relay timeout.
 *   <li>There is no management port and no datagram to the SIP server when media stops: figures come from
 *       {@link io.mediaproxy.embedded.EmbeddedDispatcher#sessions()}, the end of a session from a
 *       {@link io.mediaproxy.embedded.SessionListener}.
 *   <li>Packets are forwarded by the relay's thread, not by the kernel. They go only to addresses that packets came from,
 *       never to one that only an SDP named, and wait for nobody: what comes before the other side is known is dropped, STUN
 *       too. What goes on is counted, from the first packet on, where the real one counts only what the kernel forwards.
 *   <li>A stream whose media stops ends after the stream timeout, with the status {@code conntrack timeout}; the real one leaves
 *       that time to the kernel's connection tracking. On hold it has the hold timeout.
 *   <li>Ports are 16384..32767 by default, not 40000..60000: out of the way of the ports that Linux gives to clients.
 *   <li>A request has at most 8 MiB, and a client that does not read its replies is not read from.
 *   <li>Two removes of one Call-ID in flight leave the second without reply, as there, but do not cost the relay's connection.
 * </ul>
 */
@NullMarked
package io.mediaproxy.embedded;

import org.jspecify.annotations.NullMarked;
