/**
 * A call that shows the relay at work: two phones behind NAT, {@link io.mediaproxy.examples.jainsip.proxy.ExampleProxy}
 * between them, their audio, and the report.
 */
@NullMarked
package io.mediaproxy.cli.demo;

import org.jspecify.annotations.NullMarked;
