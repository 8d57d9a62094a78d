/** The functions of the {@code mediaproxy} module on the SIP messages of pkts.io. */
@NullMarked
package io.mediaproxy.pkts;

import org.jspecify.annotations.NullMarked;
