/**
 * A MediaProxy dispatcher and relay inside the JVM, for tests and trials: the same UNIX socket and protocol, and real
 * UDP ports. It is the peer of a dispatcher client and shares no code with one.
 *
 * <pre>
 * client ── UNIX socket ──► ControlConnection ─► CommandReader ─► CommandRouter     one thread: dispatcher
 *                                                                      │ which relay has the call?
 * SIP server ◄── UNIX datagram ── BackChannel ◄────────────────────────┤ whose media stopped?
 *                                                                      ▼
 *   phone ◄── UDP ──► PacketForwarder ◄─ RelayedStream ◄─ RelaySession ◄─ Relay     one thread each: relay
 * </pre>
 *
 * <pre>
 * embedded      the two facades with their builders
 *   dispatcher  connections, commands, back channel
 *     relay     sessions, streams, ports, packets
 *       loop    one thread with a selector and timers
 *       python  values as Python reads and writes them
 *   report      data for tests: faults, commands, statistics
 * </pre>
 *
 * <p>It imitates MediaProxy 4.1.2 (AG Projects) and is tested with exchanges recorded with that version: lines and
 * headers, offers and answers, which ports come back for which CSeq, when the reply is {@code None} or {@code error},
 * that the dispatcher identifies a call by its Call-ID and the relay by Call-ID and tags, replies that overtake each
 * other, and ports that a refused offer keeps until they time out.
 *
 * <p>With {@link io.mediaproxy.embedded.EmbeddedDispatcher.Builder#openSipsSocket an OpenSIPS socket} it asks the SIP
 * server to end the dialog of a call that timed out:
 *
 * <pre>{@code
 * {"jsonrpc": "2.0", "id": "64f8295e", "method": "dlg_end_dlg", "params": ["<dialog_id of the call's first update>"]}
 * }</pre>
 *
 * <ul>
 *   <li>It does so for a call that was answered, whose first update had a {@code dialog_id}, and whose streams did not
 *       all end as {@code unselected ICE candidate}. An answer is any second update with the CSeq of the offer: a 183,
 *       or the offer repeated. It also does so for every call, answered or not, that is missing on a relay that
 *       replaces one with the same address.
 *   <li>A call that timed out stays known for 24 h or until its {@code remove}, whose reply is {@code removed}. A call
 *       that a relay lost is forgotten at once, and the reply to its {@code remove} is {@code error}.
 *   <li>It sends one datagram and never repeats it. The datagram is lost if the receiver's queue is full. The answer is
 *       awaited for 3 s and logged.
 *   <li>If the SIP server does not listen, the relay's connection is dropped for 1 s by the dispatcher's clock.
 *       Meanwhile the reply to new calls and to all commands for calls of that relay is {@code error}, and the end of
 *       its sessions is not noticed. When the relay is connected again, the dispatcher asks to end the calls that the
 *       relay lost. While the SIP server still does not listen they stay known, and the reply to their {@code remove}
 *       is {@code error}.
 * </ul>
 *
 * <p>It also has the faults of the real one:
 *
 * <ul>
 *   <li>{@link io.mediaproxy.embedded.report.Fault}: a reply that is late, broken, wrong or missing.
 *   <li>{@code kill} and {@code restart}: the calls are forgotten, the relays keep their sessions.
 *   <li>{@code stall} and {@code slowDown}: clients wait in the {@code backlog}, which fills.
 *   <li>{@code disconnect}: the connection of a relay is lost for a time.
 *   <li>The socket file is removed: connections stay, there are no new ones.
 * </ul>
 *
 * <p>Several dispatchers may share relays. Each knows only its own calls, until an {@code update} with the
 * {@code media_relay} of a call makes it known. A relay reports the end of a session to the dispatcher that created it,
 * which it identifies by the path of its socket.
 *
 * <p>Differences from the real one:
 *
 * <ul>
 *   <li>Dispatcher and relay communicate by method calls: there is no TLS link, no {@code ping}, and no relay that
 *       stalls. Stalls, delays and broken replies are injected as {@link io.mediaproxy.embedded.report.Fault}s. The
 *       reply to a command with white space inside its name is an immediate {@code error} instead of one after the
 *       relay timeout of 5 s.
 *   <li>There is no management port. {@link io.mediaproxy.embedded.EmbeddedDispatcher#sessions()} returns the figures,
 *       and a {@link io.mediaproxy.embedded.report.SessionListener} is called at the end of a session.
 *   <li>Without an OpenSIPS socket no dialog is ended, and calls behave as if a datagram had been sent. With one, a
 *       relay that was dropped is connected again after 1 s; the real one takes up to 1.5 s, and up to 10 s if that
 *       happens again soon.
 *   <li>The relay's thread forwards packets, not the kernel. They go only to addresses from which packets came, never
 *       to one that only an SDP contained. Packets that come before the other side is known are dropped, STUN included.
 *       All forwarded packets are counted, where the real one counts only those that the kernel forwards.
 *   <li>A stream whose media stops ends after the stream timeout with the status {@code conntrack timeout}; in the real
 *       one the connection tracking of the kernel decides when. A stream on hold ends after the hold timeout.
 *   <li>The default ports are 16384..32767, not 40000..60000, so that they do not collide with the ephemeral ports of
 *       Linux.
 *   <li>A request has at most 8 MiB, and the dispatcher does not read from a client that does not read its replies.
 *   <li>Of two removes of one Call-ID in flight the second gets no reply, as in the real one, but the relay's
 *       connection is not dropped.
 * </ul>
 */
@NullMarked
package io.mediaproxy.embedded;

import org.jspecify.annotations.NullMarked;
