/** Processes of a comparison, the embedded dispatcher among them. */
@NullMarked
package io.mediaproxy.benchmarks.process;

import org.jspecify.annotations.NullMarked;
