/** Data that a test exchanges with an embedded dispatcher: faults, commands, statistics. */
@NullMarked
package io.mediaproxy.embedded.report;

import org.jspecify.annotations.NullMarked;
