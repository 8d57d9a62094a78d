@NullMarked
package io.mediaproxy.benchmarks.process;

import org.jspecify.annotations.NullMarked;
