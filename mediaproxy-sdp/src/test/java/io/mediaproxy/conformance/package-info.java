/** Results of a real Kamailio for real messages, for the tests of every path that takes one. */
@NullMarked
package io.mediaproxy.conformance;

import org.jspecify.annotations.NullMarked;
