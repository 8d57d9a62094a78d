/** Values as Python reads and writes them, since MediaProxy is written in Python. */
@NullMarked
package io.mediaproxy.embedded.python;

import org.jspecify.annotations.NullMarked;
