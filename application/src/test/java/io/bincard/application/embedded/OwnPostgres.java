package io.bincard.application.embedded;

import static org.awaitility.Awaitility.await;

import io.bincard.application.fixture.RunningBincard;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A PostgreSQL for one test alone, which may be killed, starved and started again, always at the
 * same port. Its programs are those of the servers that all tests share.
 */
public final class OwnPostgres implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final DataFolder folder;
  private final Path data;
  private final PostgresServer server;
  private final int port = LoopbackPort.choose(0);

  /** One that keeps its data below {@code where}, started. */
  public OwnPostgres(Path where) {
    this(where, List.of());
  }

  /** One that is started with more {@code options}, which win. */
  public OwnPostgres(Path where, List<String> options) {
    this.folder = DataFolder.take(where);
    this.data = folder.path().resolve("postgres");
    Path programs =
        Path.of(RunningBincard.shared().property("bincard.embedded.data-directory"), "programs");
    this.server =
        new PostgresServer(
            folder,
            new BundledPrograms(programs.toAbsolutePath()).postgres(),
            new EmbeddedProperties(where.toString(), port, 0, PATIENCE, PATIENCE),
            options);
    server.start();
  }

  /** What a node is told to work on it, as arguments. */
  public List<String> arguments() {
    return server.properties().entrySet().stream()
        .map(property -> "--" + property.getKey() + "=" + property.getValue())
        .toList();
  }

  /** Connections to the schema {@code ledger} as one who may do anything. */
  public DataSource dataSource(String ledger) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setServerNames(new String[] {LoopbackPort.ADDRESS});
    source.setPortNumbers(new int[] {port});
    source.setDatabaseName("bincard");
    source.setUser("postgres");
    source.setCurrentSchema(ledger);
    return source;
  }

  /** SQL as one who may do anything. */
  public JdbcClient sql() {
    return JdbcClient.create(dataSource("public"));
  }

  /** The session that writes the ledger: the one that holds its advisory lock. */
  public long writersBackend() {
    return sql()
        .sql("select pid from pg_locks where locktype = 'advisory' and granted limit 1")
        .query(Long.class)
        .single();
  }

  public boolean isRunning() {
    return !ServerProcess.running("postgres", data).isEmpty();
  }

  /** The process that all the others are children of. */
  public ProcessHandle postmaster() {
    return ServerProcess.running("postgres", data).getFirst().handle();
  }

  /** Every process of it, the postmaster first. */
  public List<Long> processes() {
    ProcessHandle postmaster = postmaster();
    return Stream.concat(Stream.of(postmaster), postmaster.descendants())
        .map(ProcessHandle::pid)
        .toList();
  }

  /** Starts it if it does not run, again and again until it does, as a service manager does. */
  public void ensureRuns() {
    await("PostgreSQL runs").atMost(PATIENCE).until(this::tryToRun);
  }

  private boolean tryToRun() {
    try {
      if (!isRunning()) {
        server.start();
      }
      return isRunning();
    } catch (FailureAnalyzedException notYet) { // orphans of the one before still end
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    server.stop();
    folder.close();
  }
}
