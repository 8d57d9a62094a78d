/**
 * The way back: when the media of a call stop, the dispatcher asks the SIP server to end the call.
 *
 * <p>The dispatcher (MediaProxy 4) sends a JSON-RPC 2.0 request, one to a datagram, to the UNIX datagram socket that its
 * configuration names ({@code socket_path} in the section {@code OpenSIPS}), and takes the answer on a socket of its own:
 *
 * <pre>
 *  SIP server                                      dispatcher                            relay
 *      │ update, dialog_id: q83vEjRWeJCrze8SNFZ4kA     │                                   │
 *      │──────────────── stream socket ───────────────►│──────────────────────────────────►│
 *      │                                               │                                   │ no packets any more
 *      │                                               │◄────────────── expired ───────────│
 *      │ {"jsonrpc": "2.0", "id": "64f8295e", "method": "dlg_end_dlg", "params": ["q83vEjRWeJCrze8SNFZ4kA"]}
 *      │◄─────────────── datagram ─────────────────────│
 *      │ {"jsonrpc":"2.0","id":"64f8295e","result":"OK"}
 *      │──────────────── datagram, within 3 s ────────►│
 *      │ BYE to both sides                             │
 *      │ remove                                        │
 *      │──────────────── stream socket ───────────────►│
 * </pre>
 *
 * <p>{@code params} is the {@code dialog_id} of the update that created the session. There is one datagram, no retry, and no
 * reason in it; the dispatcher logs the answer and does nothing else with it. It also asks for dialogs that are long over, for
 * instance after a relay was restarted.
 *
 * <p>Nobody listening is worse than no answer: a dispatcher that cannot send its datagram drops its relay, and all new calls fail
 * for a second or more. Therefore a {@link io.mediaproxy.protocol.backchannel.BackChannel} is opened before the first update that
 * has a {@code dialog_id}, and stays open for as long as such calls may live. Datagrams can be lost all the same, when more of them
 * come at once than the kernel keeps before any thread wakes up ({@code net.unix.max_dgram_qlen}, 10 by default; it counts when
 * the socket is opened): a server needs a session timer of its own besides.
 */
@NullMarked
package io.mediaproxy.protocol.backchannel;

import org.jspecify.annotations.NullMarked;
