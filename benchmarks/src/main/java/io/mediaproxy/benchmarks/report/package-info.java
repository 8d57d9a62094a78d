/**
 * Makes the report of a run: JMH's JSON and that of the scripts in, a page with tables and charts out. Not measured itself.
 */
@NullMarked
package io.mediaproxy.benchmarks.report;

import org.jspecify.annotations.NullMarked;
