/**
 * The parts of {@code mediaproxy proxy} that the examples do not have: its statistics, and the stateless proxy on
 * JAIN-SIP.
 */
@NullMarked
package io.mediaproxy.cli.proxy;

import org.jspecify.annotations.NullMarked;
