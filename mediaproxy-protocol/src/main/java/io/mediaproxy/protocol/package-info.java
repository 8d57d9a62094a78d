/**
 * The MediaProxy dispatcher's wire protocol and a client for it.
 *
 * <p>The dispatcher (MediaProxy 4) listens on a UNIX stream socket. A client sends commands, one line per header; every line
 * ends in CR LF and an empty line ends the command:
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
 *   media: stream *("," stream)                  stream = type ":" address ":" port ":" direction ":ice=" ("yes" | "no")
 *   (empty line)
 * </pre>
 *
 * <p>Headers stand in this order. One without a value is sent as its name, colon and space, which the dispatcher drops;
 * {@code media} alone is left out when there is no stream. Values are UTF-8 and cannot be escaped, so that CR and LF have to
 * be kept out of them: {@link io.mediaproxy.protocol.UpdateCommand} and {@link io.mediaproxy.protocol.RemoveCommand} cannot
 * be built with such a value.
 *
 * <p>The answer is one line without any reference to its command, so that only one command may be in flight on a connection:
 *
 * <pre>
 *   reply = IPv4 1*(SP port)     update: the relay's address and one RTP port per stream it holds, 0 for a dead one
 *         | "None"               update: taken, but there is nothing to say
 *         | "removed"            remove: the session is gone
 *         | "error"              no reason is ever given
 * </pre>
 */
@NullMarked
package io.mediaproxy.protocol;

import org.jspecify.annotations.NullMarked;
