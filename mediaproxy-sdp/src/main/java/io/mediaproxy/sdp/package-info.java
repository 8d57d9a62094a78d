/**
 * Finds the SDP in a message body, reads it in one pass and plans the edits that put a relay into the path of its
 * media.
 */
@NullMarked
package io.mediaproxy.sdp;

import org.jspecify.annotations.NullMarked;
