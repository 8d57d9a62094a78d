package io.mediaproxy.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Settings of the benchmarks that run in memory, on one thread.
 *
 * <p>Their state is neither static nor final: the JIT would fold a constant into the compiled code and do part of the
 * measured work at compile time. Index, edits and target array are reused between calls, as in a server. Each method
 * returns its result or the length of it, and writes to an array that outlives the call, so that the JIT cannot drop
 * any of the work.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public abstract class SingleThreadBenchmark {}
