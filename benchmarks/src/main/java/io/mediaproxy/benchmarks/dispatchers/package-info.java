/** Compares dispatchers: commands per second, processor time and memory. */
@NullMarked
package io.mediaproxy.benchmarks.dispatchers;

import org.jspecify.annotations.NullMarked;
