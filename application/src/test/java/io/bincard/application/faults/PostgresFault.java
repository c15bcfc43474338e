package io.bincard.application.faults;

import static org.awaitility.Awaitility.await;

import io.bincard.application.embedded.OwnPostgres;
import io.bincard.application.fixture.ChildProcess.Launch;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/**
 * F3: processes of PostgreSQL are killed: the backend that writes the ledger, another backend, or
 * the postmaster, which a service manager then starts again.
 */
public final class PostgresFault implements Fault {

  /** Every so manieth postmaster stays away for so long that senders must be told so. */
  private static final int LONG_OUTAGE_EVERY = 5;

  /** A probe that waits longer takes a node for dead that only says that it is not ready. */
  private static final long PROBE_MILLIS = 1_000;

  private int postmasters;
  private int outages;

  @Override
  public String name() {
    return "F3";
  }

  @Override
  public String what() {
    return "PostgreSQL is killed (-9): the writer's backend, another one, the postmaster";
  }

  @Override
  public int shortRounds() {
    return 0; // a PostgreSQL of its own, and outages that are waited out
  }

  @Override
  public int longRounds() {
    return 50;
  }

  @Override
  public FaultReport run(FaultRun run) throws Exception {
    Random random = new Random(run.seed());
    postmasters = 0;
    outages = 0;
    try (OwnPostgres postgres = new OwnPostgres(run.folder().resolve("own"));
        NodeUnderLoad node = new NodeUnderLoad(run, 16, postgres)) {
      node.start(Launch.PLAIN);
      for (int round = 1; round <= run.rounds(); round++) {
        node.awaitMore(300 + random.nextInt(300));
        String struck;
        switch (round % 3) {
          case 0 -> {
            kill(postgres.writersBackend());
            struck = "the writer's backend";
          }
          case 1 -> struck = killPostmaster(postgres, node);
          default -> {
            kill(anyBackend(postgres, random));
            struck = "a backend";
          }
        }
        run.done(round, struck + ", " + node.awaitRecovery());
      }
      return node.finish("%d outages were waited out until all were told 503".formatted(outages));
    }
  }

  private static void kill(long pid) throws Exception {
    new ProcessBuilder("kill", "-9", Long.toString(pid)).start().waitFor();
  }

  private static long anyBackend(OwnPostgres postgres, Random random) {
    List<Long> backends =
        postgres
            .sql()
            .sql("select pid from pg_stat_activity where usename = 'bincard'")
            .query((row, _) -> row.getLong(1))
            .list();
    return backends.get(random.nextInt(backends.size()));
  }

  private String killPostmaster(OwnPostgres postgres, NodeUnderLoad node) throws Exception {
    List<Long> processes = postgres.processes();
    kill(postgres.postmaster().pid());
    if (postmasters++ % LONG_OUTAGE_EVERY == 0) {
      outages++;
      awaitEnd(processes);
      long told = node.done();
      requireHonesty(node, "outage-" + outages);
      if (node.done() > told + 16) { // each client may have been on its way
        node.violated("2xx were told while PostgreSQL was away");
      }
    }
    postgres.ensureRuns();
    return "the postmaster";
  }

  /** Backends outlive their postmaster for a moment, and what they commit then is committed. */
  private static void awaitEnd(List<Long> processes) {
    await("the backends end with their postmaster")
        .atMost(Duration.ofSeconds(20))
        .until(() -> processes.stream().noneMatch(PostgresFault::runs));
  }

  /** Whether {@code pid} is a process that still has its program, and not only its number. */
  private static boolean runs(long pid) {
    return ProcessHandle.of(pid)
        .filter(handle -> handle.isAlive() && handle.info().command().isPresent())
        .isPresent();
  }

  /**
   * While there is no PostgreSQL, senders are told 503 and when to ask again, and so is a probe.
   */
  private static void requireHonesty(NodeUnderLoad node, String key) {
    HttpResponse<String> answer = node.register(key);
    if (answer == null
        || answer.statusCode() != 503
        || answer.headers().firstValue("Retry-After").isEmpty()) {
      node.violated("a command without PostgreSQL was told " + answer);
    }
    await("not ready without PostgreSQL")
        .atMost(Duration.ofSeconds(20))
        .until(() -> node.statusOf("/actuator/health/readiness") == 503);
    long millis = node.probeMillis();
    if (millis > PROBE_MILLIS) {
      node.violated("the readiness probe without PostgreSQL took %d ms".formatted(millis));
    }
  }
}
