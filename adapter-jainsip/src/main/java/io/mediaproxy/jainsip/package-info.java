/** The functions of the {@code mediaproxy} module on JAIN-SIP's messages. */
@NullMarked
package io.mediaproxy.jainsip;

import org.jspecify.annotations.NullMarked;
