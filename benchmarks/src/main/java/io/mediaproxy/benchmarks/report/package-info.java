/** Makes a page with tables and charts, and one file of figures, from the JSON of a run. */
@NullMarked
package io.mediaproxy.benchmarks.report;

import org.jspecify.annotations.NullMarked;
