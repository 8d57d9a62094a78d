/** Benchmarks of the hot paths, compared with the least possible cost and with others. */
@NullMarked
package io.mediaproxy.benchmarks;

import org.jspecify.annotations.NullMarked;
