/** The benchmarks do what their names say. */
@NullMarked
package io.mediaproxy.benchmarks;

import org.jspecify.annotations.NullMarked;
