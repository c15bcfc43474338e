package io.bincard.application.faults;

import static org.awaitility.Awaitility.await;

import io.bincard.application.faults.damage.Harm;
import io.bincard.application.faults.damage.Traffic;
import io.bincard.application.fixture.RedisClient;
import io.bincard.application.history.History;
import io.bincard.application.history.ViewRows;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionTimeoutException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * I9: views are spoilt by hand in every way, one after the other, under a steady load; what was
 * spoilt is to be found and put right, and nothing else touched.
 */
public final class CorruptionFault implements Fault {

  private static final int NODES = 2;
  private static final int ITEMS = Integer.getInteger("items", 20_000);
  private static final int BUSY = ITEMS / 10;
  private static final int A_SECOND = Integer.getInteger("commandsPerSecond", 2_000);
  private static final int CHANGES = 2;
  private static final Duration PASS = Duration.ofSeconds(2);
  private static final long PAUSE_MILLIS = 50;

  /** Within it everything is proven once, and what is spoilt is found. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final String[] SETTINGS = {
    "--bincard.reconciliation.enabled=true",
    "--bincard.reconciliation.watch.every=" + PASS.toMillis() + "ms",
    "--bincard.reconciliation.watch.max-rate=50000",
    "--bincard.reconciliation.fuse-share=1",
    "--bincard.reconciliation.fold.claim-interval=200ms",
    "--bincard.reconciliation.look-every=200ms"
  };

  @Override
  public String name() {
    return "CORRUPT";
  }

  @Override
  public String what() {
    return "I9: views spoilt by hand in %d ways, under %,d commands/s on %,d items"
        .formatted(Harm.values().length, A_SECOND, ITEMS);
  }

  @Override
  public int shortRounds() {
    return 0;
  }

  @Override
  public int longRounds() {
    return 500;
  }

  /** The load is not in the history. */
  @Override
  public History.Extent least(int rounds) {
    return new History.Extent(0, 0, 0);
  }

  /** Something spoilt that is not found yet. */
  private record Spoilt(Harm harm, long atNanos, Set<String> left) {}

  @Override
  public FaultReport run(FaultRun run) throws Exception {
    try (History history = run.newHistory();
        Nodes nodes = new Nodes(run, history)) {
      nodes.start(NODES, SETTINGS);
      try (Traffic traffic = new Traffic(nodes::any, BUSY, run.seed());
          RedisClient redis = RedisClient.open(nodes.redis())) {
        traffic.open(ITEMS, CHANGES);
        traffic.sell(A_SECOND);
        JdbcClient sql = nodes.sql();
        await("everything is proven once")
            .atMost(PATIENCE)
            .until(
                () ->
                    nodes.all().stream()
                        .anyMatch(node -> !Double.isNaN(nodes.unverifiedSeconds(node))));
        long before = found(sql).size();
        if (before > 0) {
          run.violated("I9 %d rows differed before anything was spoilt".formatted(before));
        }
        Harm.Plan plan =
            new Harm.Plan(IntStream.range(BUSY, ITEMS).mapToObj(Traffic::sku).toList(), run.seed());
        String generation = ViewRows.generation(redis);
        Map<String, Spoilt> open = new HashMap<>();
        Map<Harm, Millis> found = new TreeMap<>();
        List<Long> all = new ArrayList<>();
        Set<String> names = new HashSet<>();
        List<Harm> harms = List.of(Harm.values());
        for (int round = 1; round <= run.rounds(); round++) {
          Harm harm = harms.get(round % harms.size());
          long now = System.nanoTime();
          Spoilt spoilt = new Spoilt(harm, now, new HashSet<>(plan.harm(redis, generation, harm)));
          spoilt.left().forEach(name -> open.put(name, spoilt));
          names.addAll(spoilt.left());
          TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
          look(sql, open, found, all);
          run.done(round, round % 50 == 0 ? open.size() + " rows not found yet" : "");
        }
        try {
          await("all is found")
              .atMost(PATIENCE)
              .pollInterval(Duration.ofMillis(20))
              .until(
                  () -> {
                    look(sql, open, found, all);
                    return open.isEmpty();
                  });
        } catch (ConditionTimeoutException e) {
          open.forEach(
              (name, spoilt) -> run.violated("I9 not found: " + spoilt.harm() + ' ' + name));
        }
        requireRepaired(run, sql, names);
        long done = traffic.done();
        traffic.finish();
        return run.report(
            history.extent(),
            nodes.booksFaults(),
            "%d rows in %d ways; found after: %s; by way: %s; %,d commands meanwhile"
                .formatted(
                    names.size(),
                    Harm.values().length,
                    Millis.ofMany(all),
                    found.entrySet().stream()
                        .map(each -> each.getKey() + " " + each.getValue())
                        .collect(Collectors.joining(", ")),
                    done));
      }
    }
  }

  /** What was found to differ, {@code late} views aside, and how long ago. */
  private static List<String> found(JdbcClient sql) {
    return sql.sql("select distinct key from repair_log where outcome = 'found' and kind <> 'late'")
        .query((row, _) -> row.getString(1))
        .list();
  }

  private static void look(
      JdbcClient sql, Map<String, Spoilt> open, Map<Harm, Millis> found, List<Long> all) {
    if (open.isEmpty()) {
      return;
    }
    for (String key : found(sql)) {
      Spoilt spoilt = open.remove(key);
      if (spoilt != null) {
        spoilt.left().remove(key);
        if (spoilt.left().isEmpty()) {
          long millis = Millis.since(spoilt.atNanos());
          all.add(millis);
          var unused = found.computeIfAbsent(spoilt.harm(), _ -> new Millis()).add(millis);
        }
      }
    }
  }

  private static void requireRepaired(FaultRun run, JdbcClient sql, Set<String> names) {
    String left =
        """
        select count(distinct key) from repair_log f where outcome = 'found' and kind <> 'late'
          and not exists (select from repair_log r where r.key = f.key and r.outcome = 'repaired')
        """;
    try {
      await("all is repaired")
          .atMost(PATIENCE)
          .until(() -> sql.sql(left).query(Long.class).single() == 0);
    } catch (ConditionTimeoutException e) {
      run.violated("I9 found and not repaired: " + sql.sql(left).query(Long.class).single());
    }
    List<String> touched =
        sql.sql("select distinct key from repair_log where kind <> 'late'")
            .query((row, _) -> row.getString(1))
            .list();
    touched.stream()
        .filter(key -> !names.contains(key))
        .forEach(key -> run.violated("I9 repaired without a reason: " + key));
  }
}
