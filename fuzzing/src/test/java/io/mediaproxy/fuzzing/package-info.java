/** Common parts of the fuzz tests. */
@NullMarked
package io.mediaproxy.fuzzing;

import org.jspecify.annotations.NullMarked;
