/**
 * SIP servers to read and to copy: each of the packages below holds one server whose calls go through the media relay.
 */
@NullMarked
package io.mediaproxy.examples;

import org.jspecify.annotations.NullMarked;
