package io.bincard.application.repricing;

import io.bincard.application.discount.PolicyShelf;
import io.bincard.application.discount.PolicyTimeline;
import io.bincard.application.journal.JournalEngine;
import io.bincard.application.journal.JournalSerializer;
import io.bincard.application.policy.CanonicalPolicy;
import io.bincard.application.policy.PolicyError;
import io.bincard.application.policy.PolicyFolder;
import io.bincard.application.policy.PolicyReader;
import io.bincard.application.policy.PolicyReading;
import io.bincard.application.repricing.RecordedPrices.Period;
import io.bincard.application.repricing.RecordedPrices.Recorded;
import io.bincard.domain.discount.PolicyVersion;
import io.bincard.domain.policy.DiscountPolicy;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.DefaultApplicationArguments;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The jobs of the command line that compute prices of the past again.
 *
 * <p>They take the application's own settings, so that what can start Bincard can check it.
 */
public final class PricingJob {

  static final String HELP =
      """
      Prices of the past, computed again. Only reads; may run beside the ledger.

        java -jar bincard.jar reprice [OPTION ...]
            prices every recorded order again by the version of the policy that priced it;
            ends with 0 if all came out as recorded, to the last reason
        java -jar bincard.jar what-if --policies=DIR [OPTION ...]
            what the policy in DIR would have made of the orders, with budgets of its own

        --from=INSTANT         orders priced from then on, as 2026-11-01T00:00:00Z (all)
        --until=INSTANT        orders priced before then (all)
        --policies=DIR         the folder of the other policy
        --environment=NAME     whose files go before those for everywhere (dev)
        --shown=N              differences to print (20)
        --help                 this

      The ledger is named as for the application: --spring.datasource.url=jdbc:postgresql://…,
      --spring.datasource.username=…, SPRING_DATASOURCE_PASSWORD, --bincard.ledger=main.

      Ends with 0 if all is well, 1 if prices differ, 2 if it cannot be told.
      """;

  private static final String REPRICE = "reprice";
  private static final String WHAT_IF = "what-if";
  private static final List<String> OPTIONS =
      List.of("from", "until", "policies", "environment", "shown", "help");

  private static final String URL = "spring.datasource.url";
  private static final int SHOWN = 20;

  /** Versions that stay ready: orders of a period are priced by a few at the same time. */
  private static final int VERSIONS_KEPT = 16;

  private static final Duration POLICY_AGE = Duration.ofMinutes(1);
  private static final int DIFFERENT = 1;
  private static final int UNUSABLE = 2;
  private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final DefaultApplicationArguments arguments;
  private final PrintStream out;
  private final PrintStream progress;

  private PricingJob(DefaultApplicationArguments arguments, PrintStream out, PrintStream progress) {
    this.arguments = arguments;
    this.out = out;
    this.progress = progress;
  }

  /** Only what a job needs of the application. */
  @ImportAutoConfiguration(DataSourceAutoConfiguration.class)
  static final class Connections {}

  /** What the user can do something about. */
  private static final class UnusableException extends Exception {
    UnusableException(String message) {
      super(message);
    }
  }

  /** Whether {@code arguments} of the application ask for a job. */
  public static boolean isAskedFor(String[] arguments) {
    return arguments.length > 0 && List.of(REPRICE, WHAT_IF).contains(arguments[0]);
  }

  /**
   * Runs it and returns the exit code.
   *
   * @param out where the result goes
   * @param progress where is told how far it got
   */
  public static int run(String[] arguments, PrintStream out, PrintStream progress) {
    String[] options = Arrays.copyOfRange(arguments, 1, arguments.length);
    PricingJob job = new PricingJob(new DefaultApplicationArguments(options), out, progress);
    if (job.arguments.containsOption("help")) {
      out.print(HELP);
      return 0;
    }
    try {
      return job.run(arguments[0].equals(WHAT_IF));
    } catch (UnusableException | IOException | SQLException e) {
      progress.println(e.getMessage());
      return UNUSABLE;
    } catch (RuntimeException e) { // whatever it was, it is not that prices differ
      e.printStackTrace(progress);
      return UNUSABLE;
    }
  }

  private int run(boolean whatIf) throws UnusableException, IOException, SQLException {
    checkOptions();
    Period period = new Period(instant("from"), instant("until"));
    int shown = number("shown", SHOWN);
    PolicyVersion candidate = whatIf ? candidate() : null;
    try (ConfigurableApplicationContext context = connect()) {
      DataSource ledger = context.getBean(DataSource.class);
      RecordedPrices prices = new RecordedPrices(ledger);
      if (candidate == null) {
        Repricing repricing = new Repricing(shelf(ledger)::get, shown);
        prices.read(period, counted(repricing));
        sayIfEmpty(repricing.orders());
        tell(repricing);
        return repricing.different() == 0 ? 0 : DIFFERENT;
      }
      WhatIf other = new WhatIf(candidate);
      prices.read(period, counted(other));
      sayIfEmpty(other.sums().orders() + other.otherCurrency());
      tell(other, candidate);
      return 0;
    }
  }

  private void checkOptions() throws UnusableException {
    for (String name : arguments.getOptionNames()) {
      if (!OPTIONS.contains(name) && name.indexOf('.') < 0) {
        throw new UnusableException("no option --" + name + "; see --help");
      }
    }
    if (!arguments.getNonOptionArgs().isEmpty()) {
      throw new UnusableException(
          "what is " + arguments.getNonOptionArgs().getFirst() + "? see --help");
    }
  }

  private @Nullable String option(String name) {
    List<String> values = arguments.getOptionValues(name);
    return values == null || values.isEmpty() ? null : values.getLast();
  }

  private @Nullable Instant instant(String name) throws UnusableException {
    String value = option(name);
    try {
      return value == null ? null : Instant.parse(value);
    } catch (DateTimeParseException e) {
      throw new UnusableException(
          "--" + name + " is an instant as 2026-11-01T00:00:00Z, not " + value);
    }
  }

  private int number(String name, int otherwise) throws UnusableException {
    String value = option(name);
    try {
      return value == null ? otherwise : Integer.parseUnsignedInt(value);
    } catch (NumberFormatException e) {
      throw new UnusableException("--" + name + " is a number, not " + value);
    }
  }

  private PolicyVersion candidate() throws UnusableException, IOException {
    String folder = option("policies");
    if (folder == null) {
      throw new UnusableException("what-if needs --policies; see --help");
    }
    if (!Files.isDirectory(Path.of(folder))) {
      throw new UnusableException("--policies: there is no folder " + folder);
    }
    String environment = option("environment");
    PolicyFolder files =
        new PolicyFolder(Path.of(folder), environment == null ? "dev" : environment);
    return switch (PolicyReader.read(files.read())) {
      case PolicyReading.Read(DiscountPolicy policy) ->
          new PolicyVersion(CanonicalPolicy.of(policy).fingerprint(), policy);
      case PolicyReading.Refused(List<PolicyError> errors) ->
          throw new UnusableException(
              String.join("\n", errors.stream().map(PolicyError::toString).toList()));
    };
  }

  private ConfigurableApplicationContext connect() throws UnusableException {
    ConfigurableApplicationContext context =
        new SpringApplicationBuilder(Connections.class)
            .web(WebApplicationType.NONE)
            .lazyInitialization(true) // a database that is not named is told below, in our words
            .properties(
                "spring.datasource.hikari.read-only=true",
                "spring.datasource.hikari.initialization-fail-timeout=-1",
                "spring.datasource.hikari.maximum-pool-size=2")
            .run(arguments.getSourceArgs());
    if (!context.getEnvironment().containsProperty(URL)) {
      context.close();
      throw new UnusableException("no database configured: set --" + URL + "=jdbc:postgresql://…");
    }
    return context;
  }

  private static PolicyShelf shelf(DataSource ledger) {
    JournalEngine engine =
        JournalEngine.builder(
                ledger,
                events -> {
                  throw new UnsupportedOperationException("a job only reads");
                })
            .serializer(new JournalSerializer())
            .build();
    PolicyTimeline timeline = new PolicyTimeline(engine, POLICY_AGE);
    return new PolicyShelf(timeline, VERSIONS_KEPT);
  }

  private Consumer<Recorded> counted(Consumer<Recorded> job) {
    return new Consumer<>() {
      private long seen;
      private long told = System.nanoTime();

      @Override
      public void accept(Recorded recorded) {
        job.accept(recorded);
        seen++;
        if (System.nanoTime() - told > PROGRESS_NANOS) {
          told = System.nanoTime();
          progress.printf(Locale.ROOT, "%,d orders, position %,d%n", seen, recorded.position());
        }
      }
    };
  }

  private void sayIfEmpty(long orders) {
    if (orders == 0) {
      progress.println("no order has a price in this ledger and period");
    }
  }

  private void tell(Repricing repricing) {
    repricing
        .differences()
        .forEach(
            each ->
                out.printf(
                    Locale.ROOT,
                    "position %d, order %s, policy %s: recorded %d, computed %d%s%n",
                    each.position(),
                    each.orderId(),
                    each.policy(),
                    each.recorded(),
                    each.computed(),
                    each.recorded() == each.computed() ? ", for other reasons" : ""));
    out.printf(
        Locale.ROOT,
        "%,d orders with %,d lines by %,d versions of the policy priced again: %,d differ%n",
        repricing.orders(),
        repricing.lines(),
        repricing.versions(),
        repricing.different());
  }

  private void tell(WhatIf other, PolicyVersion candidate) {
    WhatIf.Sums sums = other.sums();
    out.printf(
        Locale.ROOT,
        "policy %s on %,d orders, amounts in minor units of %s%n%n",
        candidate.fingerprint(),
        sums.orders(),
        candidate.pricing().currency());
    out.printf(
        Locale.ROOT,
        "| rule | orders | discount | orders with it | discount with it |%n|---|---:|---:|---:|---:|%n");
    other
        .rules()
        .forEach(
            (rule, total) ->
                out.printf(
                    Locale.ROOT,
                    "| %s | %,d | %,d | %,d | %,d |%n",
                    rule,
                    total.recordedOrders(),
                    total.recorded(),
                    total.candidateOrders(),
                    total.candidate()));
    out.printf(
        Locale.ROOT,
        "| all | %,d | %,d | %,d | %,d |%n%n",
        sums.orders(),
        sums.recorded(),
        sums.orders(),
        sums.candidate());
    out.printf(
        Locale.ROOT,
        "list price %,d; final price %,d as recorded, %,d with it: %,d orders cheaper, %,d dearer%n",
        sums.listPrice(),
        sums.listPrice() - sums.recorded(),
        sums.listPrice() - sums.candidate(),
        sums.cheaper(),
        sums.dearer());
    if (other.otherCurrency() > 0) {
      out.printf(
          Locale.ROOT, "%,d orders in another currency are left out%n", other.otherCurrency());
    }
  }
}
