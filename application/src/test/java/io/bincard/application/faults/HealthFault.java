package io.bincard.application.faults;

import static org.awaitility.Awaitility.await;

import io.bincard.application.embedded.OwnRedis;
import io.bincard.application.faults.damage.Traffic;
import io.bincard.application.fixture.ChildProcess;
import io.bincard.application.fixture.RedisClient;
import io.bincard.application.history.History;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * I9: nothing is spoilt, but everything else happens: Redis is stopped, killed and takes no writes,
 * nodes are killed, stopped and paused, under a steady load. Nothing may be found to differ, and
 * nothing repaired.
 */
public final class HealthFault implements Fault {

  private static final int NODES = 2;
  private static final int ITEMS = Integer.getInteger("items", 20_000);
  private static final int A_SECOND = Integer.getInteger("commandsPerSecond", 500);
  private static final int CHANGES = 1;

  /** From one strike to the next. */
  private static final Duration ROUND = Duration.ofSeconds(Integer.getInteger("roundSeconds", 60));

  private static final Duration PAUSE = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private static final String[] SETTINGS = {
    "--bincard.reconciliation.enabled=true",
    "--bincard.reconciliation.watch.every=5s",
    "--bincard.reconciliation.fold.claim-interval=500ms",
    "--bincard.reconciliation.look-every=500ms"
  };

  /** What is done to whom, one after the other. */
  private enum Strike {
    REDIS_STOPPED,
    LEADER_KILLED,
    REDIS_TAKES_NO_WRITES,
    LEADER_STOPPED,
    REDIS_KILLED,
    LEADER_PAUSED,
    OTHER_KILLED
  }

  @Override
  public String name() {
    return "HEALTH";
  }

  @Override
  public String what() {
    return "I9: nothing is spoilt; Redis stopped, killed, without writes, nodes killed, stopped, paused, under %,d commands/s"
        .formatted(A_SECOND);
  }

  @Override
  public int shortRounds() {
    return 0;
  }

  @Override
  public int longRounds() {
    return 60;
  }

  /** The load is not in the history. */
  @Override
  public History.Extent least(int rounds) {
    return new History.Extent(0, 0, 0);
  }

  @Override
  public FaultReport run(FaultRun run) throws Exception {
    long began = System.nanoTime();
    try (OwnRedis redis = new OwnRedis(run.folder().resolve("own"));
        History history = run.newHistory();
        Nodes nodes = new Nodes(run, history)) {
      nodes.useRedis(redis.url());
      nodes.start(NODES, SETTINGS);
      try (Traffic traffic = new Traffic(nodes::any, ITEMS, run.seed())) {
        traffic.open(ITEMS, CHANGES);
        traffic.sell(A_SECOND);
        JdbcClient sql = nodes.sql();
        long clean = 0;
        List<Strike> strikes = List.of(Strike.values());
        for (int round = 1; round <= run.rounds(); round++) {
          Strike strike = strikes.get(round % strikes.size());
          strike(strike, nodes, redis);
          long left = round * ROUND.toNanos() - (System.nanoTime() - began);
          TimeUnit.NANOSECONDS.sleep(Math.max(0, left));
          awaitPass(nodes);
          clean++;
          List<String> found = found(sql);
          found.forEach(run::violated);
          run.done(round, strike + ", " + traffic.done() + " commands, found: " + found.size());
        }
        long done = traffic.done();
        long unanswered = traffic.unanswered();
        traffic.finish();
        return run.report(
            history.extent(),
            nodes.booksFaults(),
            "%d minutes, %,d commands answered, %,d not; all rows seen to be right after each of %d strikes; late views told %d times"
                .formatted(
                    TimeUnit.NANOSECONDS.toMinutes(System.nanoTime() - began),
                    done,
                    unanswered,
                    clean,
                    sql.sql("select count(*) from repair_log where kind = 'late'")
                        .query(Long.class)
                        .single()));
      }
    }
  }

  private static void strike(Strike strike, Nodes nodes, OwnRedis redis) throws Exception {
    switch (strike) {
      case REDIS_STOPPED -> redis.restart(false);
      case REDIS_KILLED -> redis.restart(true);
      case REDIS_TAKES_NO_WRITES -> pauseWrites(nodes);
      case LEADER_KILLED -> replace(nodes, nodes.leader(), "KILL");
      case LEADER_STOPPED -> replace(nodes, nodes.leader(), "TERM");
      case OTHER_KILLED -> replace(nodes, nodes.othersThan(nodes.leader()).getFirst(), "KILL");
      case LEADER_PAUSED -> {
        ChildProcess leader = nodes.leader();
        leader.signal("STOP");
        try {
          TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
        } finally {
          leader.signal("CONT");
        }
      }
    }
  }

  private static void pauseWrites(Nodes nodes) throws IOException {
    try (RedisClient client = RedisClient.open(nodes.redis())) {
      var unused = client.ask("CLIENT", "PAUSE", Long.toString(PAUSE.toMillis()), "WRITE");
    }
  }

  private static void replace(Nodes nodes, ChildProcess node, String signal)
      throws IOException, InterruptedException {
    nodes.end(node, signal);
    nodes.start(1, SETTINGS);
  }

  /** Waits until some node has seen all rows to be right, a short while ago. */
  private static void awaitPass(Nodes nodes) {
    await("all rows are seen to be right")
        .atMost(PATIENCE)
        .until(() -> nodes.all().stream().anyMatch(node -> nodes.unverifiedSeconds(node) < 20));
  }

  private static List<String> found(JdbcClient sql) {
    return sql.sql(
            "select format('I9 %s %s: %s', kind, key, cause) from repair_log"
                + " where kind <> 'late' and outcome = 'found'")
        .query((row, _) -> row.getString(1))
        .list();
  }
}
