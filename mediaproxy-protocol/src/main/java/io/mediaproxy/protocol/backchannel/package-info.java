/**
 * The back channel: when the media of a call stop, the dispatcher asks the SIP server to end the call.
 *
 * <p>The dispatcher (MediaProxy 4) sends a JSON-RPC 2.0 request in one datagram to the UNIX datagram socket of its
 * configuration ({@code socket_path} in the section {@code OpenSIPS}), and receives the answer on another socket:
 *
 * <pre>
 *  SIP server                                      dispatcher                            relay
 *      │ update, dialog_id: q83vEjRWeJCrze8SNFZ4kA     │                                   │
 *      │──────────────── stream socket ───────────────►│──────────────────────────────────►│
 *      │                                               │                                   │ no more packets
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
 * <p>{@code params} has the {@code dialog_id} of the update that created the session. The dispatcher sends the datagram
 * once, without a reason, and only logs the answer. It also sends requests for dialogs that ended long ago, for
 * instance after a relay was restarted.
 *
 * <p>A missing listener is worse than a missing answer: a dispatcher that cannot send its datagram drops its relay, and
 * all new calls fail for a second or more. Therefore a {@link io.mediaproxy.protocol.backchannel.BackChannel} is opened
 * before the first update that has a {@code dialog_id}, and stays open as long as such calls may live. It binds its
 * socket again if the file is lost, and logs whether the dispatcher can write to it.
 *
 * <p>The kernel keeps 10 datagrams for a socket ({@code net.unix.max_dgram_qlen}, read when the socket is opened), and
 * a relay ends dozens of calls at once. So the socket is connected to that of the dispatcher if there is only one
 * ({@link io.mediaproxy.protocol.backchannel.BackChannelConfig#dispatchers}): then the kernel keeps more than 200. If
 * there are several, {@code sysctl -w net.unix.max_dgram_qlen=512} has the same effect. A datagram that is lost is not
 * sent again, therefore a server also needs a session timer.
 */
@NullMarked
package io.mediaproxy.protocol.backchannel;

import org.jspecify.annotations.NullMarked;
