/**
 * The wire protocol of the MediaProxy dispatcher, and an asynchronous client for it.
 *
 * <p>The dispatcher (MediaProxy 4) listens on a UNIX stream socket. A client sends commands. A command has one line for
 * each header; every line ends in CR LF, and an empty line ends the command:
 *
 * <pre>
 *   update                                       remove
 *   type: request | reply                        call_id: ...
 *   dialog_id: ...                               from_tag: ...
 *   call_id: ...                                 to_tag: ...
 *   cseq: 1*10DIGIT                              (empty line)
 *   from_uri: ...
 *   to_uri: ...
 *   from_tag: ...
 *   to_tag: ...
 *   user_agent: ...
 *   signaling_ip: address | source_destination | JSON object
 *   media_relay: IPv4 address
 *   media: stream *("," stream)               stream = type ":" address ":" port ":" direction ":ice=" ("yes" | "no")
 *   (empty line)
 * </pre>
 *
 * <p>Headers have this order. A header without a value is sent as its name, colon and space, and the dispatcher drops
 * it. Only {@code media} is omitted if there is no stream. Values are UTF-8 and cannot be escaped, so that they must
 * not contain CR or LF: {@link io.mediaproxy.protocol.UpdateCommand} and {@link io.mediaproxy.protocol.RemoveCommand}
 * cannot be built with such a value.
 *
 * <p>The reply is one line without a reference to its command, so that only one command may be in flight on a
 * connection:
 *
 * <pre>
 *   reply = IPv4 1*(SP port)     update: the relay's address and one RTP port per stream it holds, 0 for a dead one
 *         | "None"               update: accepted, but no ports
 *         | "removed"            remove: the session was removed
 *         | "error"              never with a reason
 * </pre>
 */
@NullMarked
package io.mediaproxy.protocol;

import org.jspecify.annotations.NullMarked;
