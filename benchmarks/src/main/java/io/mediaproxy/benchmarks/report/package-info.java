/** Makes a page with tables and charts, and one file of figures, from the JSON of JMH and of the comparisons. */
@NullMarked
package io.mediaproxy.benchmarks.report;

import org.jspecify.annotations.NullMarked;
