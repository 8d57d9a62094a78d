/** Support for the tests of all modules: a clock that the test moves, and a dispatcher that the test plays. */
@NullMarked
package io.mediaproxy.testing;

import org.jspecify.annotations.NullMarked;
