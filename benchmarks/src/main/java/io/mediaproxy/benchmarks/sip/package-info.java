/** Calls through whole proxies, by sipp: ours beside Kamailio, all against one dispatcher. */
@NullMarked
package io.mediaproxy.benchmarks.sip;

import org.jspecify.annotations.NullMarked;
