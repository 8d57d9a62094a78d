/** Compares whole proxies: calls by sipp through ours and through Kamailio. See {@code benchmarks/sip/compare.sh}. */
@NullMarked
package io.mediaproxy.benchmarks.sip;

import org.jspecify.annotations.NullMarked;
