/**
 * The parts that the two servers on JAIN-SIP share: one stack at one UDP address, and a request on its way through a
 * server.
 */
@NullMarked
package io.mediaproxy.examples.jainsip;

import org.jspecify.annotations.NullMarked;
