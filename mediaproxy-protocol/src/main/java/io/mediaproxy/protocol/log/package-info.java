/**
 * Logs in which text from outside does no harm: how all classes of this project log. Also for servers that log what
 * they get from SIP messages.
 */
@NullMarked
package io.mediaproxy.protocol.log;

import org.jspecify.annotations.NullMarked;
