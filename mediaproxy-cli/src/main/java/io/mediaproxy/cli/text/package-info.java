/** How the commands show what they found: tables for people, JSON for programs. */
@NullMarked
package io.mediaproxy.cli.text;

import org.jspecify.annotations.NullMarked;
