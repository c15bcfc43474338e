package io.bincard.application.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bincard.application.faults.History.Extent;
import io.bincard.application.fixture.ChildProcess;
import io.bincard.application.fixture.RunningBincard;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** F1: kill -9 the application under load, again and again; its clients retry with their keys. */
class KillIT {

  /** {@code -Dkills=100} for the long run. */
  private static final int KILLS = Integer.getInteger("kills", 3);

  private static final long SEED = Long.getLong("seed", 20_261_121);
  private static final String LEDGER = "killed";
  private static final int SHOPPERS = 16;

  @TempDir private Path folder;

  @Test
  void nothing_that_was_told_is_lost_or_done_twice() throws Exception {
    History history = new History();
    AtomicReference<URI> server = new AtomicReference<>();
    Random random = new Random(SEED);
    ChildProcess bincard = start(server);
    try (Shoppers shoppers = new Shoppers(SHOPPERS, SEED, server::get, history)) {
      for (int kill = 0; kill < KILLS; kill++) {
        awaitMore(history, shoppers, 500 + random.nextInt(500));
        bincard.signal("KILL");
        bincard.awaitEnd();
        bincard.close();
        bincard = start(server);
      }
      awaitMore(history, shoppers, 500);
      shoppers.finish();
    } finally {
      bincard.signal("KILL");
      bincard.close();
    }

    JdbcClient ledger = RunningBincard.sqlOf(LEDGER);
    assertThat(history.faultsIn(ledger)).as("seed " + SEED).isEmpty();
    Extent extent = history.extent();
    assertThat(extent.done()).isGreaterThan(1_000);
    assertThat(extent.refused()).isGreaterThan(50);
    assertThat(extent.replays()).isGreaterThan(20);
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

  /** A process of its own on the servers that all tests share. */
  private ChildProcess start(AtomicReference<URI> server) throws Exception {
    ChildProcess bincard = ChildProcess.startNode(folder, LEDGER, 15);
    bincard.awaitReady();
    server.set(URI.create(bincard.http()));
    return bincard;
  }
}
