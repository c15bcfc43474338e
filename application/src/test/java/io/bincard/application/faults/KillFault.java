package io.bincard.application.faults;

import static org.awaitility.Awaitility.await;

import io.bincard.application.fixture.ChildProcess;
import io.bincard.application.fixture.RunningBincard;
import io.bincard.application.history.History;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;

/** F1: there is one node; it is killed under load and started again. */
public final class KillFault implements Fault {

  private static final String LEDGER = "killed";
  private static final int REDIS_DATABASE = 15;
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
    History history = new History();
    AtomicReference<URI> server = new AtomicReference<>();
    Random random = new Random(run.seed());
    ChildProcess bincard = start(run.folder(), server);
    try (Shoppers shoppers = new Shoppers(SHOPPERS, run.seed(), server::get, history)) {
      for (int kill = 1; kill <= run.rounds(); kill++) {
        awaitMore(history, shoppers, 50 + random.nextInt(500));
        bincard.signal("KILL");
        bincard.awaitEnd();
        bincard.close();
        bincard = start(run.folder(), server);
        run.done(kill, "");
      }
      awaitMore(history, shoppers, 500);
      shoppers.finish();
    } finally {
      bincard.signal("KILL");
      bincard.close();
    }
    return new FaultReport(
        run.rounds(), history.extent(), history.faultsIn(RunningBincard.sqlOf(LEDGER)), "");
  }

  private static void awaitMore(History history, Shoppers shoppers, long answers) {
    long enough = answers(history) + answers;
    await()
        .atMost(Duration.ofMinutes(1))
        .until(
            () -> {
              shoppers.requireWell();
              return answers(history) >= enough;
            });
  }

  private static long answers(History history) {
    return history.extent().done() + history.extent().refused();
  }

  private static ChildProcess start(Path folder, AtomicReference<URI> server) throws Exception {
    ChildProcess bincard = ChildProcess.startNode(folder, LEDGER, REDIS_DATABASE);
    bincard.awaitReady();
    server.set(URI.create(bincard.http()));
    return bincard;
  }
}
