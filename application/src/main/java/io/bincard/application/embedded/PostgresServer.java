package io.bincard.application.embedded;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.util.FileSystemUtils;

/**
 * PostgreSQL as a child process, as durable as one in production: fsync, synchronous commit and
 * full page writes are set on the command line, where no file can take them back.
 *
 * <p>It listens on the loopback address alone, has no Unix socket and asks for no password. The
 * application is the role {@code bincard}; another, {@code bincard_owner}, owns the database {@code
 * bincard} and what is in it, so that the application cannot change its journal. A third one,
 * {@code bincard_decoding}, may replicate and has no right on any table. None is a superuser.
 * {@code pg_ctl} does the starting and stopping: it gives the server a session of its own.
 */
final class PostgresServer implements EmbeddedServer {

  private static final Logger log = LoggerFactory.getLogger(PostgresServer.class);

  private static final String PROGRAM = "postgres";
  private static final String SUPERUSER = "postgres";
  private static final String NAME = "bincard";
  private static final String OWNER = "bincard_owner";
  private static final String DECODING = "bincard_decoding";
  private static final String VERSION_FILE = "PG_VERSION";
  private static final String PID_FILE = "postmaster.pid";
  private static final String PORT_TAKEN = "Address already in use";
  private static final String SHELL_CHARACTERS = "\"$`\\";
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  private final Path root;
  private final Path programs;
  private final Path data;
  private final ServerLog serverLog;
  private final EmbeddedProperties settings;
  private final List<String> moreOptions;
  private String version = "";
  private int port;

  /**
   * @param folder the folder it keeps its data in, as {@code postgres}, and its log
   * @param programs the unpacked PostgreSQL
   */
  PostgresServer(DataFolder folder, Path programs, EmbeddedProperties settings) {
    this(folder, programs, settings, List.of());
  }

  /**
   * @param moreOptions win over its own
   */
  PostgresServer(
      DataFolder folder, Path programs, EmbeddedProperties settings, List<String> moreOptions) {
    this.root = folder.path();
    this.programs = programs;
    this.data = root.resolve("postgres");
    this.serverLog = new ServerLog(folder.folder("log").resolve("postgres.log"));
    this.settings = settings;
    this.moreOptions = List.copyOf(moreOptions);
  }

  @Override
  public void start() {
    checkPath();
    version = bundledVersion();
    if (isEmpty(data)) {
      initialise();
    } else {
      checkMajorVersion();
      stopLeftOver();
    }
    for (int attempt = 1; ; attempt++) {
      port = LoopbackPort.choose(settings.postgresPort());
      long before = serverLog.rotate();
      Command answer =
          pgCtl(
              settings.startTimeout(),
              "start",
              "-l",
              serverLog.file().toString(),
              "-o",
              String.join(" ", serverOptions()));
      if (answer.succeeded()) {
        break;
      }
      String said = serverLog.tail(before);
      boolean portTaken = said.contains(PORT_TAKEN);
      if (!portTaken || settings.postgresPort() != 0 || attempt == LoopbackPort.ATTEMPTS) {
        throw new FailureAnalyzedException(
            "The embedded PostgreSQL %s did not start on port %d:%n%s%n%s"
                .formatted(version, port, answer.output().strip(), said),
            portTaken
                ? "Free the port, or choose another with bincard.embedded.postgres-port (0 takes a"
                    + " free one)."
                : "Its log is %s. If it only needs longer, raise bincard.embedded.start-timeout."
                    .formatted(serverLog.file()));
      }
    }
    createDatabase();
  }

  @Override
  public void stop() {
    List<ServerProcess> running = ServerProcess.running(PROGRAM, data);
    if (running.isEmpty()) {
      return;
    }
    Command answer = pgCtl(settings.stopTimeout(), "stop", "-m", "fast");
    if (!answer.succeeded()) {
      log.atWarn()
          .addKeyValue("answer", answer.output().strip())
          .log("The embedded PostgreSQL did not stop cleanly; the next start recovers");
      running.forEach(ServerProcess::kill);
    }
    for (ServerProcess process : running) {
      if (!process.awaitEnd(settings.stopTimeout())) {
        throw new FailureAnalyzedException(
            "The embedded PostgreSQL, process %d, cannot be stopped.".formatted(process.pid()),
            "Stop it by hand; its data directory is " + data + ".");
      }
    }
  }

  @Override
  public Map<String, Object> properties() {
    return Map.of(
        "spring.datasource.url",
        "jdbc:postgresql://%s:%d/%s".formatted(LoopbackPort.ADDRESS, port, NAME),
        "spring.datasource.username",
        NAME,
        "spring.flyway.user",
        OWNER);
  }

  @Override
  public String description() {
    return "PostgreSQL %s embedded, %s:%d, %s"
        .formatted(version, LoopbackPort.ADDRESS, port, Shown.path(data));
  }

  private List<String> serverOptions() {
    List<String> options = new ArrayList<>(ownOptions());
    options.addAll(moreOptions);
    return options;
  }

  private List<String> ownOptions() {
    return List.of(
        "-p " + port,
        "-c listen_addresses=" + LoopbackPort.ADDRESS,
        "-c unix_socket_directories=",
        "-c fsync=on",
        "-c synchronous_commit=on",
        "-c full_page_writes=on",
        // A new WAL file is filled with zeros first, while every commit waits; old ones are kept
        // for use again, and a busy minute needs no checkpoint of its own.
        "-c min_wal_size=512MB",
        "-c max_wal_size=2GB",
        // Reconciliation has the journal told to it out of the WAL as well; who does not listen
        // holds back no more of it than this.
        "-c wal_level=logical",
        "-c max_slot_wal_keep_size=2GB");
  }

  /** {@code pg_ctl} starts the server through a shell, with the paths between double quotes. */
  private void checkPath() {
    if (root.toString().chars().anyMatch(c -> SHELL_CHARACTERS.indexOf(c) >= 0)) {
      throw new FailureAnalyzedException(
          "PostgreSQL cannot be started from %s: its path holds one of %s."
              .formatted(root, SHELL_CHARACTERS),
          "Choose another directory with bincard.embedded.data-directory.");
    }
  }

  private String bundledVersion() {
    Command answer = run(List.of(), settings.startTimeout(), PROGRAM, "--version");
    if (!answer.succeeded()) {
      throw new FailureAnalyzedException(
          "The embedded PostgreSQL cannot run on this machine: " + answer.output().strip(),
          "Start a PostgreSQL yourself and set spring.datasource.url.");
    }
    // "postgres (PostgreSQL) 18.6"
    String line = answer.output().strip();
    return line.substring(line.lastIndexOf(' ') + 1);
  }

  private void checkMajorVersion() {
    Path file = data.resolve(VERSION_FILE);
    try {
      String found = Files.exists(file) ? Files.readString(file).strip() : "";
      String bundled = version.split("\\.", 2)[0];
      if (found.isEmpty()) {
        throw new FailureAnalyzedException(
            "%s is not empty and is no PostgreSQL data directory.".formatted(data),
            "Move it away, or choose another directory with bincard.embedded.data-directory.");
      }
      if (!found.equals(bundled)) {
        throw new FailureAnalyzedException(
            "%s holds the data of PostgreSQL %s; this Bincard brings PostgreSQL %s."
                .formatted(data, found, version),
            "Move the data with pg_upgrade or pg_dump, or start a PostgreSQL %s yourself and set"
                    .formatted(found)
                + " spring.datasource.url, or choose another directory with"
                + " bincard.embedded.data-directory.");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Creates the data directory under another name first: half a directory is never taken for one.
   */
  private void initialise() {
    log.info("Creating the PostgreSQL {} data directory, once", version);
    Path unfinished = root.resolve("postgres.unfinished");
    try {
      endAll(ServerProcess.running("initdb", unfinished));
      endAll(ServerProcess.running(PROGRAM, unfinished));
      FileSystemUtils.deleteRecursively(unfinished);
      Command answer =
          run(
              unprivileged(),
              settings.startTimeout(),
              "initdb",
              "--pgdata",
              unfinished.toString(),
              "--username=" + SUPERUSER,
              "--auth=trust",
              "--encoding=UTF8",
              "--no-locale",
              "--locale-provider=builtin",
              "--builtin-locale=C.UTF-8");
      if (!answer.succeeded()) {
        throw new FailureAnalyzedException(
            "The embedded PostgreSQL could not create its data directory:%n%s"
                .formatted(answer.output().strip()),
            "See what it says; nothing was kept.");
      }
      Files.move(unfinished, data, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void endAll(List<ServerProcess> processes) {
    processes.forEach(ServerProcess::kill);
    processes.forEach(process -> process.awaitEnd(settings.stopTimeout()));
  }

  private void stopLeftOver() {
    List<ServerProcess> leftOver = ServerProcess.running(PROGRAM, data);
    if (!leftOver.isEmpty()) {
      log.atInfo()
          .addKeyValue("pid", leftOver.getFirst().pid())
          .log("Stopping the embedded PostgreSQL that a killed Bincard left running");
      stop();
    } else {
      removeStalePidFile();
    }
  }

  /**
   * PostgreSQL refuses to start while the process id in its file lives, whoever has that id now: in
   * a restarted container often a stranger. The file goes only if no program of ours runs at all.
   */
  private void removeStalePidFile() {
    Path server = programs.resolve("bin").resolve(PROGRAM);
    boolean anyRuns =
        ProcessHandle.allProcesses()
            .anyMatch(
                handle -> handle.info().command().map(server.toString()::equals).orElse(false));
    if (!anyRuns) {
      try {
        Files.deleteIfExists(data.resolve(PID_FILE));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void createDatabase() {
    try {
      try (Connection connection = connect("postgres");
          Statement statement = connection.createStatement()) {
        for (String role : List.of(NAME, OWNER)) {
          createRole(statement, role, "LOGIN");
        }
        createRole(statement, DECODING, "LOGIN REPLICATION");
        if (!exists(statement, "SELECT FROM pg_database WHERE datname = '" + NAME + "'")) {
          statement.execute("CREATE DATABASE " + NAME + " OWNER " + OWNER);
        }
      }
      takeFromTheApplication();
    } catch (SQLException e) {
      throw new FailureAnalyzedException(
          "The embedded PostgreSQL runs but its database cannot be created: " + e.getMessage(),
          "Its log is " + serverLog.file() + ".",
          e);
    }
  }

  private static void createRole(Statement statement, String role, String rights)
      throws SQLException {
    if (!exists(statement, "SELECT FROM pg_roles WHERE rolname = '" + role + "'")) {
      statement.execute("CREATE ROLE " + role + " " + rights);
    }
  }

  /** In an older data folder the application's role owns everything; it does so no longer. */
  private void takeFromTheApplication() throws SQLException {
    try (Connection connection = connect(NAME);
        Statement statement = connection.createStatement()) {
      if (exists(
          statement,
          "SELECT FROM pg_database WHERE datname = current_database() AND datdba = '"
              + NAME
              + "'::regrole")) {
        statement.execute("REASSIGN OWNED BY " + NAME + " TO " + OWNER);
      }
    }
  }

  private Connection connect(String database) throws SQLException {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setServerNames(new String[] {LoopbackPort.ADDRESS});
    source.setPortNumbers(new int[] {port});
    source.setDatabaseName(database);
    source.setUser(SUPERUSER);
    source.setConnectTimeout((int) CONNECT_TIMEOUT.toSeconds());
    source.setSocketTimeout((int) settings.startTimeout().toSeconds());
    return source.getConnection();
  }

  private static boolean exists(Statement statement, String query) throws SQLException {
    try (var rows = statement.executeQuery(query)) {
      return rows.next();
    }
  }

  private Command pgCtl(Duration timeout, String verb, String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(0, List.of(verb, "--pgdata", data.toString(), "--wait"));
    all.addAll(List.of("--timeout", Long.toString(Math.max(1, timeout.toSeconds()))));
    // pg_ctl keeps the time; it is only ended from outside when it hangs.
    return run(unprivileged(), timeout.multipliedBy(2), "pg_ctl", all.toArray(String[]::new));
  }

  private Command run(List<String> before, Duration timeout, String program, String... words) {
    List<String> command = new ArrayList<>(before);
    command.add(programs.resolve("bin").resolve(program).toString());
    command.addAll(List.of(words));
    return Command.run(root, timeout, command);
  }

  /**
   * PostgreSQL refuses to run as root. A user namespace in which root is nobody satisfies it, and
   * the files still belong to root.
   */
  private List<String> unprivileged() {
    if (new UnixSystem().getUid() != 0) {
      return List.of();
    }
    List<String> unshare = List.of("unshare", "--user");
    try {
      Command answer =
          Command.run(
              root,
              settings.startTimeout(),
              Stream.concat(unshare.stream(), Stream.of("true")).toList());
      if (answer.succeeded()) {
        return unshare;
      }
      throw asRoot(answer.output().strip());
    } catch (UncheckedIOException e) {
      throw asRoot(String.valueOf(e.getMessage()));
    }
  }

  private static FailureAnalyzedException asRoot(String reason) {
    return new FailureAnalyzedException(
        "PostgreSQL does not run as root, and this machine allows no user namespace: " + reason,
        "Start Bincard as an ordinary user, or start a PostgreSQL yourself and set"
            + " spring.datasource.url.");
  }

  private static boolean isEmpty(Path folder) {
    if (!Files.exists(folder)) {
      return true;
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.findAny().isEmpty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
