/** What the hot paths cost, beside what they could cost at least and what others cost. */
@NullMarked
package io.mediaproxy.benchmarks;

import org.jspecify.annotations.NullMarked;
