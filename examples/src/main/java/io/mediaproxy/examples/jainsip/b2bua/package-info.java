/** A back-to-back user agent on JAIN-SIP. */
@NullMarked
package io.mediaproxy.examples.jainsip.b2bua;

import org.jspecify.annotations.NullMarked;
