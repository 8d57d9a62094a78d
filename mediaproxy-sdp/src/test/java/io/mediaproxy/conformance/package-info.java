/** Results of a real Kamailio for real messages, as tests for every path that takes a message. */
@NullMarked
package io.mediaproxy.conformance;

import org.jspecify.annotations.NullMarked;
