/** The MediaProxy dispatcher's wire protocol and a client for it. */
@NullMarked
package io.mediaproxy.protocol;

import org.jspecify.annotations.NullMarked;
