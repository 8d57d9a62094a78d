/** Compares whole proxies: calls by sipp through ours and through Kamailio. */
@NullMarked
package io.mediaproxy.benchmarks.sip;

import org.jspecify.annotations.NullMarked;
