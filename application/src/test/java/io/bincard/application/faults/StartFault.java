package io.bincard.application.faults;

import io.bincard.application.history.History;
import io.bincard.application.history.History.Extent;
import java.util.ArrayList;
import java.util.List;

/** F19: nodes start at once on a database that has nothing of them, not even the schema. */
public final class StartFault implements Fault {

  private static final int NODES = 4;
  private static final int SHOPPERS = 8;
  private static final Extent OF_EACH = new Extent(50, 3, 1);

  @Override
  public String name() {
    return "F19";
  }

  @Override
  public String what() {
    return "four nodes start on an empty database at once: all come up, one leads, all serve";
  }

  @Override
  public int shortRounds() {
    return 0;
  }

  @Override
  public int longRounds() {
    return 20;
  }

  /** What a ledger of 50 commands can show, times the ledgers. */
  @Override
  public Extent least(int rounds) {
    return new Extent(
        rounds * OF_EACH.done(), rounds * OF_EACH.refused(), rounds * OF_EACH.replays());
  }

  @Override
  public FaultReport run(FaultRun run) throws Exception {
    Extent extent = new Extent(0, 0, 0);
    List<String> found = new ArrayList<>();
    Millis ready = new Millis();
    for (int round = 1; round <= run.rounds(); round++) {
      try (History history = run.newHistory();
          Nodes nodes = new Nodes(run, history)) {
        long began = System.nanoTime();
        nodes.start(NODES);
        long millis = Millis.since(began);
        nodes.leader();
        try (Shoppers shoppers = new Shoppers(SHOPPERS, run.seed() + round, nodes::any, history)) {
          shoppers.awaitEnough(OF_EACH);
          shoppers.finish();
        }
        found.addAll(nodes.faults());
        extent = extent.plus(history.extent());
        run.done(round, ready.add(millis));
      }
    }
    return run.report(extent, found, "until the last of them was ready: " + ready);
  }
}
