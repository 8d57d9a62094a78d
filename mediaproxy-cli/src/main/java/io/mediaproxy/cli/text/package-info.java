/** The output of the commands: tables for people, JSON for programs. */
@NullMarked
package io.mediaproxy.cli.text;

import org.jspecify.annotations.NullMarked;
