/** A small phone that calls through the examples, in the demo of the command and in tests. */
@NullMarked
package io.mediaproxy.examples.phone;

import org.jspecify.annotations.NullMarked;
