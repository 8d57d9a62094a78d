/** Two small SIP servers whose calls go through the relay; each in one file, to read and to copy. */
@NullMarked
package io.mediaproxy.jainsip.example;

import org.jspecify.annotations.NullMarked;
