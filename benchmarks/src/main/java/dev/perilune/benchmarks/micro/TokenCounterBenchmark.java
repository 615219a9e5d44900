package dev.perilune.benchmarks.micro;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.EncodingType;
import dev.perilune.benchmarks.bench.EventBodies;
import dev.perilune.processor.pricing.tokens.Encoding;
import dev.perilune.processor.pricing.tokens.TokenCounter;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Counting the tokens of 1 KB of text, for calls whose tokens nobody reported. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class TokenCounterBenchmark {
  private static final int CHARACTERS = 1024;

  private final com.knuddels.jtokkit.api.Encoding bare =
      Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.O200K_BASE);
  private final TokenCounter counter = new TokenCounter();
  private String text = "";

  /** Takes one of the load's texts. */
  @Setup
  public void prepare() {
    text = new EventBodies(1, 2).next().toString().substring(200, 200 + CHARACTERS);
  }

  /** What the library alone takes. */
  @Benchmark
  public int baselineLibrary() {
    return bare.countTokensOrdinary(text);
  }

  /** With our bounds around it. */
  @Benchmark
  public int countTokens() {
    return counter.tokensOf(text, Encoding.O200K);
  }
}
