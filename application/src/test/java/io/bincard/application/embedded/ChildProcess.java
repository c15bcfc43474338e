package io.bincard.application.embedded;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A Bincard as a process of its own, in a session of its own as under a terminal. */
final class ChildProcess implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /**
   * A child lives for seconds: what the second compiler and a concurrent collector give is late.
   */
  private static final List<String> LIGHT =
      List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto");

  private static final Pattern HTTP = Pattern.compile("is ready: (http://[^ ]+) \\(");
  private static final Pattern POSTGRES =
      Pattern.compile("PostgreSQL [\\d.]+ embedded, [^:]+:(\\d+)");
  private static final Pattern REDIS = Pattern.compile("Redis [\\d.]+ embedded, [^:]+:(\\d+)");

  private final Process process;
  private final Path output;

  private ChildProcess(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /** Starts {@code main} on a data folder and returns at once. */
  static ChildProcess start(Class<?> main, Path folder, String... arguments) throws IOException {
    List<String> words =
        new ArrayList<>(
            List.of(
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                main.getName(),
                "--bincard.embedded.data-directory=" + folder));
    words.addAll(List.of(arguments));
    return java(Path.of(""), words);
  }

  /** Starts a jar in a working directory and returns at once. */
  static ChildProcess startJar(Path jar, Path workingDirectory, String... arguments)
      throws IOException {
    List<String> words = new ArrayList<>(List.of("-jar", jar.toAbsolutePath().toString()));
    words.addAll(List.of(arguments));
    return java(workingDirectory, words);
  }

  private static ChildProcess java(Path workingDirectory, List<String> words) throws IOException {
    List<String> command = new ArrayList<>();
    command.add("setsid");
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(LIGHT);
    command.addAll(words);
    command.add("--server.port=0");
    Path output = Files.createTempFile("bincard", ".out");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(workingDirectory.toAbsolutePath().toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    // What the machine of the test is set to must not decide what the child is given.
    builder.environment().keySet().removeIf(name -> name.matches("(SPRING|SERVER|BINCARD)_.*"));
    return new ChildProcess(builder.start(), output);
  }

  /** Waits for the line that says that it is ready, and returns that line. */
  String awaitReady() {
    await("ready")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .failFast(
            () -> {
              if (!process.isAlive() && !isReady()) {
                throw new AssertionError("ended: " + output());
              }
            })
        .until(this::isReady);
    return output().lines().filter(line -> line.contains("is ready:")).findFirst().orElseThrow();
  }

  /** Waits for its end and returns its exit code. */
  int awaitEnd() throws InterruptedException {
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("still running: " + output());
    }
    return process.exitValue();
  }

  /** Sends a signal to it alone. */
  void signal(String name) throws IOException, InterruptedException {
    kill(name, Long.toString(process.pid()));
  }

  /** Sends a signal to its whole process group, as a terminal does on Ctrl-C. */
  void signalGroup(String name) throws IOException, InterruptedException {
    kill(name, "-" + process.pid());
  }

  private static void kill(String name, String target) throws IOException, InterruptedException {
    int exit = new ProcessBuilder("kill", "-" + name, "--", target).start().waitFor();
    if (exit != 0) {
      throw new AssertionError("kill answered " + exit);
    }
  }

  String output() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  String http() {
    return found(HTTP);
  }

  int postgresPort() {
    return Integer.parseInt(found(POSTGRES));
  }

  int redisPort() {
    return Integer.parseInt(found(REDIS));
  }

  /** Runs a statement as the application's own role and returns its first value, if it has any. */
  String sql(String statement) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:%d/bincard".formatted(postgresPort()), "bincard", "");
        Statement sql = connection.createStatement()) {
      if (!sql.execute(statement)) {
        return "";
      }
      try (ResultSet rows = sql.getResultSet()) {
        return rows.next() ? rows.getString(1) : "";
      }
    }
  }

  String redis(String command) throws IOException {
    return RedisClient.ask(redisPort(), command);
  }

  /** The processes that run a program out of a data folder, the backends of PostgreSQL included. */
  static List<ProcessHandle> serversOf(Path folder) {
    return ProcessHandle.allProcesses()
        .filter(
            handle -> handle.info().command().map(c -> c.startsWith(folder + "/")).orElse(false))
        .toList();
  }

  /** Ends it without asking. */
  @Override
  public void close() throws IOException {
    process.destroyForcibly().onExit().join();
    Files.deleteIfExists(output);
  }

  private boolean isReady() {
    return output().contains("is ready:");
  }

  private String found(Pattern pattern) {
    Matcher matcher = pattern.matcher(output());
    if (!matcher.find()) {
      throw new AssertionError("no " + pattern + " in: " + output());
    }
    return matcher.group(1);
  }
}
