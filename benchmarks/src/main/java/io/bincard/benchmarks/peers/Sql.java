package io.bincard.benchmarks.peers;

import io.bincard.benchmarks.load.Sample;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Stock in two tables, decremented and journalled by SQL; run by pgbench where the machine has one,
 * otherwise by the same statements over JDBC.
 */
public final class Sql {

  private static final Pattern TPS = Pattern.compile("(?m)^tps = ([\\d.]+)");
  private static final Pattern DONE =
      Pattern.compile("number of transactions actually processed: (\\d+)");
  private static final int CORES = Runtime.getRuntime().availableProcessors();

  private final String url;
  private final Path folder;
  private final Optional<Path> pgbench;

  /**
   * Fills the tables in the database at {@code url}.
   *
   * @param folder where the scripts are unpacked
   */
  public Sql(String url, Path folder) throws SQLException, IOException {
    this.url = url;
    this.folder = folder;
    this.pgbench = findPgbench();
    for (String script : List.of("hotj1", "hotj", "spreadj1", "holdj")) {
      Files.writeString(folder.resolve(script + ".sql"), resource(script + ".sql"));
    }
    execute(url, resource("ddl.sql"));
  }

  /** Who runs the scripts. */
  public String runner() {
    return pgbench.isPresent() ? "pgbench" : "JDBC";
  }

  static String resource(String name) {
    try (InputStream in = Sql.class.getResourceAsStream("/peers/" + name)) {
      if (in == null) {
        throw new IllegalStateException("no resource " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@code script} is several statements, each committed for itself. */
  static void execute(String url, String script) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      for (String each : script.replaceAll("--.*", "").split(";", -1)) {
        if (!each.isBlank()) {
          statement.execute(each);
        }
      }
    }
  }

  static long number(String url, String query) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getLong(1);
    }
  }

  private static Optional<Path> findPgbench() throws IOException {
    Path versions = Path.of("/usr/lib/postgresql");
    List<Path> places = new ArrayList<>();
    for (String folder : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
      places.add(Path.of(folder, "pgbench"));
    }
    if (Files.isDirectory(versions)) {
      try (Stream<Path> all = Files.list(versions)) {
        all.map(version -> version.resolve("bin/pgbench")).forEach(places::add);
      }
    }
    return places.stream().filter(Files::isExecutable).findFirst();
  }

  /** One round of {@code script} with {@code clients} connections. */
  public Sample round(String script, int clients, Duration time)
      throws IOException, SQLException, InterruptedException, ExecutionException {
    long soldBefore = sold();
    long writtenBefore = written();
    Sample sample =
        pgbench.isPresent()
            ? pgbench(pgbench.get(), script, clients, time)
            : jdbc(script, clients, time);
    long sold = sold() - soldBefore;
    long written = written() - writtenBefore;
    if (sold != written || written < sample.done()) {
      throw new IllegalStateException(
          script + ": " + sample.done() + " answered, " + sold + " sold, " + written + " written");
    }
    return sample;
  }

  public boolean hasPgbench() {
    return pgbench.isPresent();
  }

  /** One round of orders of three items, held and then confirmed; only pgbench runs these. */
  public Sample pairs(int clients, Duration time)
      throws IOException, SQLException, InterruptedException {
    long before = confirmed();
    Sample sample = pgbench(pgbench.orElseThrow(), "holdj", clients, time);
    long confirmed = confirmed() - before;
    long sold = number(url, "select sum(1000000000 - on_hand) from held where reserved = 0");
    if (confirmed < sample.done() || sold != 3 * confirmed()) {
      throw new IllegalStateException(
          sample.done() + " answered, " + confirmed + " confirmed, " + sold + " sold");
    }
    return sample;
  }

  private long confirmed() throws SQLException {
    return number(url, "select count(*) from hold where status = 'confirmed'");
  }

  private long sold() throws SQLException {
    return number(url, "select sum(1000000000 - qty) from stock");
  }

  private long written() throws SQLException {
    return number(url, "select count(*) from journal");
  }

  private Sample pgbench(Path program, String script, int clients, Duration time)
      throws IOException, InterruptedException {
    Matcher address = Pattern.compile("//([^:]+):(\\d+)/(\\w+)\\?user=(\\w+)").matcher(url);
    if (!address.find()) {
      throw new IllegalStateException("pgbench cannot be told of " + url);
    }
    Process process =
        new ProcessBuilder(
                program.toString(),
                "-n",
                "-M",
                "prepared",
                "-h",
                address.group(1),
                "-p",
                address.group(2),
                "-U",
                address.group(4),
                "-c",
                Integer.toString(clients),
                "-j",
                Integer.toString(Math.min(clients, CORES)),
                "-T",
                Long.toString(Math.max(1, time.toSeconds())),
                "-f",
                folder.resolve(script + ".sql").toString(),
                address.group(3))
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    Matcher tps = TPS.matcher(said);
    Matcher done = DONE.matcher(said);
    if (process.waitFor() != 0 || !tps.find() || !done.find()) {
      throw new IllegalStateException("pgbench: " + said);
    }
    return Sample.of(Long.parseLong(done.group(1)), Double.parseDouble(tps.group(1)));
  }

  private Sample jdbc(String script, int clients, Duration time)
      throws InterruptedException, ExecutionException {
    long start = System.nanoTime();
    try (ExecutorService threads = Executors.newFixedThreadPool(clients)) {
      List<Future<Long>> running = new ArrayList<>();
      for (int i = 0; i < clients; i++) {
        running.add(threads.submit(() -> client(script, start + time.toNanos())));
      }
      long done = 0;
      for (Future<Long> each : running) {
        done += each.get();
      }
      double seconds = (double) (System.nanoTime() - start) / TimeUnit.SECONDS.toNanos(1);
      return Sample.of(done, done / seconds);
    }
  }

  private long client(String script, long end) throws SQLException {
    List<String> statements = statementsOf(script);
    try (Connection connection = DriverManager.getConnection(url)) {
      connection.setAutoCommit(statements.size() == 1);
      List<PreparedStatement> prepared = new ArrayList<>();
      for (String each : statements) {
        prepared.add(connection.prepareStatement(each));
      }
      long done = 0;
      while (System.nanoTime() < end) {
        long version = 0;
        for (PreparedStatement each : prepared) {
          if (each.getParameterMetaData().getParameterCount() > 0) {
            each.setLong(
                1, version > 0 ? version : ThreadLocalRandom.current().nextInt(1, 100_001));
          }
          if (each.execute()) {
            try (ResultSet row = each.getResultSet()) {
              version = row.next() ? row.getLong(1) : 0;
            }
          }
        }
        if (!connection.getAutoCommit()) {
          connection.commit();
        }
        done++;
      }
      return done;
    }
  }

  /** What pgbench would send, without its own commands and with {@code ?} for its variables. */
  private static List<String> statementsOf(String script) {
    return resource(script + ".sql")
        .lines()
        .filter(line -> !line.startsWith("\\") && !line.matches("BEGIN;|COMMIT;"))
        .map(line -> line.replace("\\gset", "").replaceAll("(?<!:):[sv]\\b", "?").strip())
        .filter(line -> !line.isEmpty())
        .toList();
  }
}
