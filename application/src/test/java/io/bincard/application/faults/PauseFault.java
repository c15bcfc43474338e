package io.bincard.application.faults;

import static org.awaitility.Awaitility.await;

import io.bincard.application.fixture.ChildProcess;
import io.bincard.application.history.History;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * F9: the leader of two nodes is paused beyond its lease and resumed, so that both think they lead.
 *
 * <p>In every other round all clients talk to the paused node alone: when it wakes up it has work,
 * and its successor has moved nothing, so that only the epoch stands between them. A trigger on the
 * row that every commit moves writes down whose session moved it in which epoch.
 */
public final class PauseFault implements Fault {

  private static final int SHOPPERS = 16;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final String WITNESS =
      """
      create table commit_witness (epoch bigint not null, node text not null, commits bigint not null,
        primary key (epoch, node));
      create function witness_commit() returns trigger language plpgsql security definer as $$
      begin
        execute format('insert into %I.commit_witness as w values ($1, $2, 1)
          on conflict (epoch, node) do update set commits = w.commits + 1', tg_table_schema)
          using new.epoch, current_setting('application_name');
        return null;
      end
      $$;
      create trigger witness_commit after update of position on ledger_head
        for each row execute function witness_commit();
      grant select on commit_witness to public;
      """;

  @Override
  public String name() {
    return "F9";
  }

  @Override
  public String what() {
    return "two nodes; the one that leads is paused beyond its lease and resumed, under load";
  }

  @Override
  public int shortRounds() {
    return 2;
  }

  @Override
  public int longRounds() {
    return 30;
  }

  @Override
  public FaultReport run(FaultRun run) throws Exception {
    Random random = new Random(run.seed());
    AtomicReference<Supplier<URI>> server = new AtomicReference<>();
    try (History history = run.newHistory();
        Nodes nodes = new Nodes(run, history)) {
      nodes.start(2);
      nodes.ownersSql().sql(WITNESS).update();
      server.set(nodes::any);
      try (Shoppers shoppers =
          new Shoppers(SHOPPERS, run.seed(), () -> server.get().get(), history)) {
        for (int round = 1; round <= run.rounds(); round++) {
          shoppers.awaitMore(100 + random.nextInt(400));
          ChildProcess leader = nodes.leader();
          boolean isQuiet = round % 2 == 0;
          if (isQuiet) {
            URI leaders = URI.create(leader.http());
            server.set(() -> leaders);
            shoppers.awaitMore(2 * SHOPPERS);
          }
          leader.signal("STOP");
          try {
            nodes.leaderOf(nodes.othersThan(leader));
            if (!isQuiet) {
              shoppers.awaitMore(100);
            }
          } finally {
            leader.signal("CONT");
          }
          await("the old leader follows")
              .atMost(PATIENCE)
              .until(() -> nodes.hasRole(leader, "follower"));
          server.set(nodes::any);
          run.done(round, isQuiet ? "its successor was idle" : "its successor was at work");
        }
        shoppers.awaitEnough(least(run.rounds()));
        shoppers.finish();
      }
      byDeposed(nodes).forEach(run::violated);
      return run.report(history.extent(), nodes.faults(), epochs(nodes));
    }
  }

  /** In an epoch one node commits; who commits in that of another was deposed. */
  private static List<String> byDeposed(Nodes nodes) {
    return nodes
        .sql()
        .sql(
            """
            select format('I4 in epoch %s several nodes committed: %s', epoch,
              string_agg(node || ' ' || commits || ' times', ', ' order by node))
            from commit_witness group by epoch having count(*) > 1
            """)
        .query((row, number) -> row.getString(1))
        .list();
  }

  private static String epochs(Nodes nodes) {
    return nodes
        .sql()
        .sql(
            """
            select format('%s commits in %s epochs, of each by one node', sum(commits), count(distinct epoch))
            from commit_witness
            """)
        .query(String.class)
        .single();
  }
}
