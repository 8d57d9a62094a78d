@NullMarked
package io.mediaproxy.benchmarks.dispatchers;

import org.jspecify.annotations.NullMarked;
