/** What a real Kamailio made of real messages, for the tests of every path that takes one. */
@NullMarked
package io.mediaproxy.conformance;

import org.jspecify.annotations.NullMarked;
