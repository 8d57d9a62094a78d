@NullMarked
package io.mediaproxy.benchmarks.sip;

import org.jspecify.annotations.NullMarked;
