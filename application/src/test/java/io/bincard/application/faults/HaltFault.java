package io.bincard.application.faults;

import io.bincard.application.failpoint.FailPoint;
import io.bincard.application.fixture.ChildProcess;
import io.bincard.application.fixture.ChildProcess.Launch;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** F2: the process halts itself between two steps of its work. */
public final class HaltFault implements Fault {

  /** A point, and how often it may be passed first. */
  private record Point(String name, int most) {}

  private static final List<Point> POINTS =
      List.of(
          new Point("before-commit", 200),
          new Point("after-commit", 200),
          new Point("before-token", 30));

  @Override
  public String name() {
    return "F2";
  }

  @Override
  public String what() {
    return "the process halts before a commit, after it, between the views and their token";
  }

  @Override
  public int shortRounds() {
    return POINTS.size();
  }

  @Override
  public int longRounds() {
    return 20 * POINTS.size();
  }

  @Override
  public FaultReport run(FaultRun run) throws Exception {
    Random random = new Random(run.seed());
    try (NodeUnderLoad node = new NodeUnderLoad(run, 16, null)) {
      node.start(Launch.PLAIN);
      node.awaitMore(500);
      for (int round = 1; round <= run.rounds(); round++) {
        Point point = POINTS.get((round - 1) % POINTS.size());
        String armed = point.name() + "@" + (5 + random.nextInt(point.most()));
        if (round == 1) {
          node.kill();
        }
        ChildProcess halting = node.start(Launch.in(Map.of(FailPoint.VARIABLE, armed)));
        int exit = halting.awaitEnd();
        String warning = FailPoint.VARIABLE + "=\"" + armed + "\"";
        if (exit != FailPoint.EXIT_CODE || !halting.output().contains(warning)) {
          throw new AssertionError(armed + " ended with " + exit + ": " + halting.output());
        }
        node.nodes().ended(halting);
        run.done(round, armed);
      }
      node.start(Launch.PLAIN);
      return node.finish("");
    }
  }
}
