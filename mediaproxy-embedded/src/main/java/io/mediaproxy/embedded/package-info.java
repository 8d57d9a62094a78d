/**
 * A MediaProxy dispatcher and relay inside the JVM, for trying and testing: the same UNIX socket, the same words, real UDP
 * ports. It is the other end of a dispatcher client and shares no code with one.
 *
 * <pre>
 * client ── UNIX socket ──► ControlConnection ─► CommandReader ─► CommandRouter     one thread: EmbeddedDispatcher
 *                                                                      │ which relay has the call?
 * SIP server ◄── UNIX datagram ── BackChannel ◄────────────────────────┤ whose media stopped?
 *                                                                      ▼
 *   phone ◄── UDP ──► PacketForwarder ◄─ RelayedStream ◄─ RelaySession ◄─ RelaySessions    one thread each: EmbeddedRelay
 * </pre>
 *
 * <p>It imitates MediaProxy 4.1.2 (AG Projects) and is held against exchanges recorded with that version: what counts as a
 * line, a header, an offer or an answer, which ports come back for which CSeq, when the reply is {@code None} or
 * {@code error}, what a Call-ID means to the dispatcher and what the tags mean to the relay, replies that overtake each
 * other, ports that a refused offer keeps until they time out.
 *
 * <p>With {@link io.mediaproxy.embedded.EmbeddedDispatcher.Builder#openSipsSocket an OpenSIPS socket} it asks the SIP server to
 * end the dialog of a call that ran out:
 *
 * <pre>{@code
 * {"jsonrpc": "2.0", "id": "64f8295e", "method": "dlg_end_dlg", "params": ["<dialog_id of the call's first update>"]}
 * }</pre>
 *
 * <ul>
 *   <li>It does so for a call that was answered, whose first update had a {@code dialog_id}, and whose streams did not all end as
 *       {@code unselected ICE candidate}. An answer is any second update with the CSeq of the offer: a 183, the offer repeated.
 *       Also for every call, answered or not, that a relay does not have when it takes the place of one with its address.
 *   <li>A call that ran out stays known until its {@code remove}, which says {@code removed}, or for 24 h; one that a relay lost is
 *       forgotten at once, and its {@code remove} says {@code error}.
 *   <li>One datagram, never repeated, and lost when the queue of the receiver is full. The answer is waited for 3 s and logged.
 *   <li>Nobody listens: the relay's connection is dropped, for 1 s by the dispatcher's clock. Meanwhile new calls, and all commands
 *       for calls of that relay, say {@code error}, and what ends there is not heard of. When the relay is back, the calls that it
 *       lost are asked for again; while still nobody listens they stay known, and their {@code remove} says {@code error}.
 * </ul>
 *
 * <p>Where it differs from the real one:
 *
 * <ul>
 *   <li>Dispatcher and relay talk by method call: there is no TLS link, no {@code ping}, no relay that is stalled.
 *       Stalls, delays and broken replies are ordered, as {@link io.mediaproxy.embedded.report.Fault}s. A command with white space
 *       inside its name gets its {@code error} at once instead of after the 5 s relay timeout.
 *   <li>There is no management port: figures come from {@link io.mediaproxy.embedded.EmbeddedDispatcher#sessions()}, the end of a
 *       session from a {@link io.mediaproxy.embedded.report.SessionListener}.
 *   <li>Without an OpenSIPS socket nobody is asked to end a dialog, and calls go on as if a datagram had been sent. With one, a relay
 *       that was dropped is back after 1 s; the real one takes up to 1.5 s, and up to 10 s when that happens again soon.
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
