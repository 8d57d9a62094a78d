/**
 * A call that shows the relay at work: two phones behind NAT, the proxy between them, their audio, and the report.
 *
 * <p>{@link io.mediaproxy.cli.demo.WatchedMedia} is the one place where the media relay comes in.
 */
@NullMarked
package io.mediaproxy.cli.demo;

import org.jspecify.annotations.NullMarked;
