package io.bincard.benchmarks;

import io.bincard.benchmarks.load.Sample;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** One row of the table: who, and what the rounds measured. */
final class Row {

  private final String name;
  private final Contender contender;
  private final List<Sample> samples = new ArrayList<>();
  private double latest;

  Row(String name, Contender contender) {
    this.name = name;
    this.contender = contender;
  }

  String name() {
    return name;
  }

  Contender contender() {
    return contender;
  }

  /** A round that ended; the first one only warms up and does not count. */
  void add(Sample sample, boolean counts) {
    latest = sample.perSecond();
    if (counts) {
      samples.add(sample);
    }
  }

  /** Pieces a second in the last round, be it the one to warm up. */
  double latest() {
    return latest;
  }

  List<Sample> samples() {
    return Collections.unmodifiableList(samples);
  }

  /** Pieces a second, the median of the rounds. */
  double perSecond() {
    return median(Sample::perSecond);
  }

  double median(ToDoubleFunction<Sample> of) {
    double[] sorted = samples.stream().mapToDouble(of).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length == 0
        ? Double.NaN
        : sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  double min() {
    return samples.stream().mapToDouble(Sample::perSecond).min().orElse(Double.NaN);
  }

  double max() {
    return samples.stream().mapToDouble(Sample::perSecond).max().orElse(Double.NaN);
  }
}
