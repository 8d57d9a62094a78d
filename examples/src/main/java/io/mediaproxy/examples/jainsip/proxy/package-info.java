/** A stateful SIP proxy on JAIN-SIP. */
@NullMarked
package io.mediaproxy.examples.jainsip.proxy;

import org.jspecify.annotations.NullMarked;
