package io.bincard.benchmarks.pricing;

import io.bincard.application.policy.CanonicalPolicy;
import io.bincard.application.policy.PolicyFile;
import io.bincard.application.policy.PolicyReader;
import io.bincard.application.policy.PolicyReading;
import io.bincard.benchmarks.load.Connections;
import io.bincard.benchmarks.load.QuoteWire;
import io.bincard.benchmarks.load.Sample;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/** The folder of policies changes again and again, half of the time into nonsense, under quotes. */
public final class Reload {

  private static final int RULES = 500;
  private static final double QUOTES_PER_SECOND = 5_000;
  private static final int CONNECTIONS = 32;
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
  private static final int DIGITS = 3;
  private static final String FILE = "base.toml";
  private static final String BENEFIT = "percent-off = ";
  private static final double OF_HUNDRED = 99;
  private static final double MEDIAN = 50;
  private static final double MILLIS = TimeUnit.MILLISECONDS.toNanos(1);

  private static final String CART =
      "{\"lines\":[{\"sku\":\"SKU-1\",\"quantity\":2,\"unitPrice\":{\"amount\":1999,\"currency\":\"GBP\"}},"
          + "{\"sku\":\"SKU-2\",\"quantity\":1,\"unitPrice\":{\"amount\":4999,\"currency\":\"GBP\"}},"
          + "{\"sku\":\"OTHER\",\"quantity\":3,\"unitPrice\":{\"amount\":499,\"currency\":\"GBP\"}}]}";

  /** Ways to break a file: what stands in the place of its first rule's benefit. */
  private static final List<String> BROKEN =
      List.of(
          "percent-off = 120",
          "percent-off = -5",
          "percent-of = 10",
          "percent-off = \"ten\"",
          "percent-off = ",
          "amount-off = \"5.00 EUR\"",
          "amount-off = 5",
          "amount-off = \"5.001 GBP\"",
          "volume = [{ from = 10, percent-off = 5 }, { from = 10, percent-off = 8 }]",
          "volume = []",
          "percent-off = 10\nwhen = { from = 2026-12-01, until = 2026-11-01 }",
          "percent-off = 10\ncampaign = \"nobody-knows-it\"",
          "percent-off = 10\nid = \"again\"",
          "percent-off = 10\namount-off = \"1.00 GBP\"",
          "buy-get = { buy = 2, percent-off = 100 }",
          "percent-off = 10\npriority = \"high\"",
          "percent-off = 10\nwhen = { hours = [{ days = [\"someday\"], from = 10:00:00, until = 11:00:00 }] }",
          "percent-off = 10\nstacking = \"sometimes\"",
          "percent-off = 10\n[[rule]]\nid = \"rule-1\"\npercent-off = 5",
          "percent-off = 10\n[rule.on");

  private final Path folder;
  private final InetSocketAddress server;
  private final Count refused;
  private final QuoteWire wire = new QuoteWire(CART);
  private final Histogram latencies = new Histogram(DIGITS);
  private final Map<String, List<String>> messages = new LinkedHashMap<>();

  /** Counts something that is stored. */
  public interface Count {
    long now() throws SQLException;
  }

  /**
   * A node at {@code server} that watches {@code folder}.
   *
   * @param refused how many versions the ledger has refused
   */
  public Reload(Path folder, InetSocketAddress server, Count refused) {
    this.folder = folder;
    this.server = server;
    this.refused = refused;
  }

  /**
   * What came of it; milliseconds from the rename of a file to the first quote that was priced by
   * it.
   */
  public record Result(
      Sample quotes, long reloads, double p50, double p99, double max, String refusals) {}

  /** Puts the first policy into {@code folder}. */
  public static void prepare(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve(FILE), policy(BENEFIT + 1));
  }

  /**
   * Changes the file {@code times} times, every other time into one that must be refused.
   *
   * @param warmUp for how long there are quotes before
   */
  public Result run(int times, Duration warmUp) throws Exception {
    CompletableFuture<Sample> warm = quote(warmUp);
    warm.get();
    // Long enough for all changes to come in time; what is left of it is quotes without a change.
    CompletableFuture<Sample> quotes = quote(Duration.ofMillis(250L * times));
    for (int i = 0; i < times; i++) {
      if (i % 2 == 0) {
        change(i);
      } else {
        spoil(BROKEN.get(i / 2 % BROKEN.size()));
      }
    }
    Sample sample = quotes.get();
    return new Result(
        sample,
        latencies.getTotalCount(),
        latencies.getValueAtPercentile(MEDIAN) / MILLIS,
        latencies.getValueAtPercentile(OF_HUNDRED) / MILLIS,
        latencies.getMaxValue() / MILLIS,
        refusals());
  }

  private CompletableFuture<Sample> quote(Duration time) {
    CompletableFuture<Sample> ended = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .name("quotes")
        .start(
            () -> {
              try {
                ended.complete(
                    Connections.paced(server, CONNECTIONS, wire, QUOTES_PER_SECOND, time));
              } catch (IOException | RuntimeException e) {
                ended.completeExceptionally(e);
              }
            });
    return ended;
  }

  private void change(int number) throws IOException {
    String content =
        policy(BENEFIT + (2 + number % 90) + "\nmax-per-order = \"" + (number + 1) + ".00 GBP\"");
    PolicyReading reading = PolicyReader.read(List.of(new PolicyFile(FILE, 0, content)));
    String fingerprint =
        CanonicalPolicy.of(((PolicyReading.Read) reading).policy()).fingerprint().value();
    long renamed = move(content);
    Long priced = wire.firstPricedBy(fingerprint);
    while (priced == null) {
      await(renamed, "no quote by the policy of change " + number);
      priced = wire.firstPricedBy(fingerprint);
    }
    latencies.recordValue(priced - renamed);
  }

  private void spoil(String benefit) throws IOException, SQLException {
    long before = refused.now();
    String content = policy(benefit);
    if (PolicyReader.read(List.of(new PolicyFile(FILE, 0, content)))
        instanceof PolicyReading.Refused(var errors)) {
      messages.putIfAbsent(benefit, errors.stream().map(Object::toString).toList());
    } else {
      throw new IllegalStateException("nothing is wrong with " + benefit);
    }
    long renamed = move(content);
    while (refused.now() == before) {
      await(renamed, "the ledger did not refuse " + benefit);
    }
  }

  private static void await(long since, String otherwise) {
    if (System.nanoTime() - since > PATIENCE.toNanos()) {
      throw new IllegalStateException(otherwise);
    }
    LockSupport.parkNanos(LOOK_NANOS);
  }

  /** Puts {@code content} in the place of what was there, at once; returns when. */
  private long move(String content) throws IOException {
    Path next = folder.resolve(FILE + ".next");
    Files.writeString(next, content);
    long now = System.nanoTime();
    Files.move(next, folder.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
    return now;
  }

  private static String policy(String benefit) {
    StringBuilder text = new StringBuilder("currency = \"GBP\"\nzone = \"Europe/London\"\n\n");
    text.append("[[rule]]\nid = \"first\"\n").append(benefit).append("\n\n");
    for (int i = 1; i <= RULES; i++) {
      text.append(
          String.format(
              Locale.ROOT,
              "[[rule]]\nid = \"rule-%d\"\npercent-off = %d\n[rule.on]\nskus = [\"SKU-%d\"]\n\n",
              i,
              1 + i % 50,
              i));
    }
    return text.toString();
  }

  private String refusals() {
    List<String> lines = new ArrayList<>();
    lines.add("| in the place of the first rule's benefit | refused with |\n|---|---|");
    messages.forEach(
        (benefit, errors) ->
            lines.add(
                "| `"
                    + benefit.replace("\n", "⏎").replace("|", "\\|")
                    + "` | "
                    + String.join("<br>", errors).replace("|", "\\|")
                    + " |"));
    return String.join("\n", lines);
  }
}
