package io.bincard.application.faults;

import io.bincard.application.history.History;
import java.util.Random;

/** F1: there is one node; it is killed under load and started again. */
public final class KillFault implements Fault {

  private static final int SHOPPERS = 16;

  @Override
  public String name() {
    return "F1";
  }

  @Override
  public String what() {
    return "the application is killed (-9) under load, clients retry with the same keys";
  }

  @Override
  public int shortRounds() {
    return 10;
  }

  @Override
  public int longRounds() {
    return 100;
  }

  @Override
  public FaultReport run(FaultRun run) throws Exception {
    Random random = new Random(run.seed());
    Millis ready = new Millis();
    try (History history = run.newHistory();
        Nodes nodes = new Nodes(run, history)) {
      nodes.start(1);
      try (Shoppers shoppers = new Shoppers(SHOPPERS, run.seed(), nodes::any, history)) {
        for (int kill = 1; kill <= run.rounds(); kill++) {
          shoppers.awaitMore(50 + random.nextInt(400));
          long began = System.nanoTime();
          nodes.end(nodes.all().getFirst(), "KILL");
          nodes.start(1);
          run.done(kill, ready.add(shoppers.probe(began)));
        }
        shoppers.awaitEnough(least(run.rounds()));
        shoppers.finish();
      }
      return run.report(
          history.extent(),
          nodes.faults(),
          "from the kill to the first answer after the restart: " + ready);
    }
  }
}
