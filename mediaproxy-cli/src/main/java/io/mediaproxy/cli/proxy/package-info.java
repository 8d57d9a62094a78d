/** The SIP proxy of {@code mediaproxy proxy}: stateless, over UDP, on either of two SIP stacks. */
@NullMarked
package io.mediaproxy.cli.proxy;

import org.jspecify.annotations.NullMarked;
