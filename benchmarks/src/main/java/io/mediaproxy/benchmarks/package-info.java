/** Benchmarks of the hot paths, compared with the least possible cost and with other implementations. */
@NullMarked
package io.mediaproxy.benchmarks;

import org.jspecify.annotations.NullMarked;
