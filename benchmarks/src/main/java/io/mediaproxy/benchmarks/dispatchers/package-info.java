/**
 * Compares dispatchers: commands per second, processor time and memory. See {@code benchmarks/dispatchers/compare.sh}.
 */
@NullMarked
package io.mediaproxy.benchmarks.dispatchers;

import org.jspecify.annotations.NullMarked;
