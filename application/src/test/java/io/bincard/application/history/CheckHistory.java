package io.bincard.application.history;

import io.bincard.application.history.History.Extent;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** The checker's command line, for auditors: a file of what clients were told against a ledger. */
public final class CheckHistory {

  static final String HELP =
      """
      Holds what clients sent and were told against a ledger that is at rest.

        --history FILE        what was sent and told, a JSON document a line
        --database URL        jdbc:postgresql://host:port/database
        --ledger NAME         the ledger's schema (main)
        --user NAME           who may read it (bincard)
        --password-env VAR    the environment variable with the password (none)
        --redis URL           redis://host:port/database of the views; left out, they are not looked at
        --partial yes         the ledger has commands of others, too
        --least D,R,P         done, refused and replayed answers without which nothing is shown (1000,50,20)
        --help                this

      Ends with 0 if all holds, 1 if something does not or nothing is shown, 2 if it cannot be told.
      """;

  private static final int SHOWN = 100;

  private CheckHistory() {}

  public static void main(String[] arguments) throws Exception {
    System.exit(run(List.of(arguments), stdout()));
  }

  @SuppressWarnings("SystemOut") // a command line program
  private static PrintStream stdout() {
    return System.out;
  }

  /** Runs it and returns the exit code. */
  public static int run(List<String> arguments, PrintStream out) throws Exception {
    if (arguments.contains("--help")) {
      out.print(HELP);
      return 0;
    }
    Map<String, String> options = options(arguments);
    String file = options.get("--history");
    String database = options.get("--database");
    if (file == null || database == null) {
      out.print("--history and --database are required\n\n" + HELP);
      return 2;
    }
    DriverManagerDataSource ledger =
        new DriverManagerDataSource(
            database
                + (database.contains("?") ? "&" : "?")
                + "currentSchema="
                + options.getOrDefault("--ledger", "main"),
            options.getOrDefault("--user", "bincard"),
            password(options.get("--password-env")));
    String redis = options.get("--redis");
    long began = System.nanoTime();
    History history = History.read(Path.of(file));
    LedgerCheck check = history.check(options.containsKey("--partial"));
    List<String> found = history.faultsIn(check, ledger, redis == null ? null : URI.create(redis));
    Extent extent = history.extent();
    found.stream().limit(SHOWN).forEach(out::println);
    boolean isVoid = !extent.reaches(least(options.getOrDefault("--least", "1000,50,20")));
    out.printf(
        Locale.ROOT,
        "%d events of %d items; %d told done, %d refused, %d replays; %d violations in %.1f s%n%s%s%n",
        check.position(),
        check.streams().size(),
        extent.done(),
        extent.refused(),
        extent.replays(),
        found.size(),
        (System.nanoTime() - began) / 1e9,
        holds(check.holds(Instant.now())),
        !found.isEmpty() ? "DOES NOT HOLD" : isVoid ? "VOID: too little happened" : "HOLDS");
    return found.isEmpty() && !isVoid ? 0 : 1;
  }

  /** How holds stand; those that are lapsed nobody has ended in the journal. */
  private static String holds(Map<String, Long> standing) {
    return standing.isEmpty() ? "" : "holds: %s%n".formatted(standing);
  }

  private static Map<String, String> options(List<String> arguments) {
    Map<String, String> options = new HashMap<>();
    for (int i = 0; i + 1 < arguments.size(); i += 2) {
      if (!HELP.contains("  " + arguments.get(i) + " ")) {
        throw new IllegalArgumentException("no option " + arguments.get(i));
      }
      options.put(arguments.get(i), arguments.get(i + 1));
    }
    return options;
  }

  private static Extent least(String numbers) {
    String[] each = numbers.split(",", -1);
    return new Extent(Long.parseLong(each[0]), Long.parseLong(each[1]), Integer.parseInt(each[2]));
  }

  private static String password(@Nullable String variable) {
    String password = variable == null ? "" : System.getenv(variable);
    if (password == null) {
      throw new IllegalArgumentException("there is no environment variable " + variable);
    }
    return password;
  }
}
