package io.bincard.application.faults;

import io.bincard.application.fixture.ChildProcess;
import io.bincard.application.history.History;
import java.util.List;
import java.util.Random;

/**
 * Failover: of two nodes the one that leads is killed under load, and after the next one has come
 * back, its successor is stopped in good order.
 */
public final class FailoverFault implements Fault {

  private static final int SHOPPERS = 16;

  /** What is promised; the machine of a test is slow, and it is met all the same. */
  private static final long KILLED_MILLIS = 5_000;

  private static final long STOPPED_MILLIS = 5_000;

  @Override
  public String name() {
    return "failover";
  }

  @Override
  public String what() {
    return "of two nodes the leader is killed (-9), then its successor stopped, under load";
  }

  @Override
  public int shortRounds() {
    return 1;
  }

  @Override
  public int longRounds() {
    return 20;
  }

  @Override
  public FaultReport run(FaultRun run) throws Exception {
    Random random = new Random(run.seed());
    Millis killed = new Millis();
    Millis stopped = new Millis();
    try (History history = run.newHistory();
        Nodes nodes = new Nodes(run, history)) {
      nodes.start(2);
      try (Shoppers shoppers = new Shoppers(SHOPPERS, run.seed(), nodes::any, history)) {
        for (int round = 1; round <= run.rounds(); round++) {
          String remark = "";
          for (String signal : List.of("KILL", "TERM")) {
            shoppers.awaitMore(100 + random.nextInt(400));
            ChildProcess leader = nodes.leader();
            long began = System.nanoTime();
            leader.signal(signal);
            long millis = shoppers.probe(began);
            boolean kill = signal.equals("KILL");
            remark += " " + signal + " " + (kill ? killed : stopped).add(millis);
            if (millis > (kill ? KILLED_MILLIS : STOPPED_MILLIS)) {
              run.violated("I11 %d ms without a leader after %s".formatted(millis, signal));
            }
            nodes.ended(leader);
            shoppers.awaitMore(100);
            if (kill || round < run.rounds()) {
              nodes.start(1);
            }
          }
          run.done(round, remark.strip());
        }
        shoppers.awaitEnough(least(run.rounds()));
        shoppers.finish();
      }
      return run.report(
          history.extent(),
          nodes.faults(),
          "unavailable after a kill: %s; after a stop: %s".formatted(killed, stopped));
    }
  }
}
