package io.bincard.application.tutorial;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.application.fixture.RunningBincard;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real shop's first orders through a running ledger, by the tool of the tutorial. */
class RetailOrdersIT {

  private static final Path TUTORIAL = Path.of("..", "docs", "tutorial", "a-real-shop");
  private static final Path ORDERS = TUTORIAL.resolve("online-retail-2010-12-to-2011-08.csv.gz");
  private static final int LINES = 10_000;

  /** Invoice and stock code from the left, quantity from the right of what may hold commas. */
  private static final Pattern LINE =
      Pattern.compile("([^,]*),([^,]*),.*,(-?\\d+),[^,]*,[^,]*,[^,]*,[^,]*");

  @TempDir private Path folder;

  @Test
  void the_tool_leaves_the_stock_that_the_file_adds_up_to_and_a_second_run_changes_nothing()
      throws Exception {
    try (RunningBincard bincard = RunningBincard.withOwnLedger()) {
      Path exported = folder.resolve("on-hand.tsv");
      Path openings = folder.resolve("again.tsv");

      assertThat(run(bincard, "--opening", "100000", "--export", exported.toString())).isZero();
      long position = position(bincard);
      assertThat(run(bincard, "--opening", "100000", "--export", openings.toString())).isZero();

      assertThat(Files.readString(exported)).isEqualTo(expectedOnHand(100_000));
      assertThat(openings).hasSameTextualContentAs(exported);
      assertThat(position(bincard)).isEqualTo(position).isGreaterThan(LINES);
    }
  }

  private static long position(RunningBincard bincard) {
    return bincard.sql().sql("select position from ledger_head").query(Long.class).single();
  }

  private int run(RunningBincard bincard, String... more) throws Exception {
    ProcessBuilder tool =
        new ProcessBuilder(
            Stream.concat(
                    Stream.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        TUTORIAL.resolve("RetailOrders.java").toString(),
                        "--file",
                        ORDERS.toString(),
                        "--url",
                        bincard.uri("").toString(),
                        "--limit",
                        Integer.toString(LINES)),
                    Stream.of(more))
                .toList());
    Process process =
        tool.redirectErrorStream(true).redirectOutput(folder.resolve("tool.log").toFile()).start();
    try {
      assertThat(process.waitFor(120, TimeUnit.SECONDS)).as("the tool ends").isTrue();
      return process.exitValue();
    } finally {
      process.destroyForcibly();
    }
  }

  /** What awk computes in the tutorial, in a few lines of Java. */
  private static String expectedOnHand(long opening) throws IOException {
    Map<String, Long> onHand = new TreeMap<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(ORDERS)), StandardCharsets.UTF_8))) {
      lines.readLine();
      for (int i = 0; i < LINES; i++) {
        Matcher line = LINE.matcher(String.valueOf(lines.readLine()));
        assertThat(line.matches()).isTrue();
        long quantity = Long.parseLong(line.group(3));
        boolean sold = quantity > 0 || line.group(1).startsWith("C");
        onHand.merge(line.group(2), sold ? -quantity : quantity, Long::sum);
      }
    }
    return onHand.entrySet().stream()
        .map(entry -> entry.getKey() + "\t" + (opening + entry.getValue()) + "\n")
        .collect(joining());
  }
}
