/** The dispatcher: connections, commands, which relay has which call, the way back to the SIP server. */
@NullMarked
package io.mediaproxy.embedded.dispatcher;

import org.jspecify.annotations.NullMarked;
