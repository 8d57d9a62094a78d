@NullMarked
package io.mediaproxy.benchmarks.report;

import org.jspecify.annotations.NullMarked;
