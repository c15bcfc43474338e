package io.bincard.application.tutorial;

import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.application.fixture.RunningBincard;
import io.bincard.application.repricing.PricingJob;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The pricing job on the ledger of a running application. */
final class PricingJobs {

  private PricingJobs() {}

  /** What it prints, once it has ended with {@code exitCode}. */
  static String run(RunningBincard bincard, int exitCode, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream progress = new ByteArrayOutputStream();
    List<String> all = new ArrayList<>(Arrays.asList(arguments));
    for (String setting :
        List.of("spring.datasource.url", "spring.datasource.username", "bincard.ledger")) {
      all.add("--" + setting + "=" + bincard.property(setting));
    }
    int ended =
        PricingJob.run(
            all.toArray(String[]::new),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(progress, true, StandardCharsets.UTF_8));
    assertThat(ended).as(out + "\n" + progress).isEqualTo(exitCode);
    return out.toString(StandardCharsets.UTF_8);
  }
}
