/**
 * Dispatchers beside each other: how many commands each answers, and what that takes. A script starts it, see
 * {@code benchmarks/dispatchers/compare.sh}.
 */
@NullMarked
package io.mediaproxy.benchmarks.dispatchers;

import org.jspecify.annotations.NullMarked;
