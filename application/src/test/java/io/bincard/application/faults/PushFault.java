package io.bincard.application.faults;

import static org.awaitility.Awaitility.await;

import io.bincard.application.faults.audience.Audience;
import io.bincard.application.faults.audience.Books;
import io.bincard.application.faults.audience.Told;
import io.bincard.application.fixture.ChildProcess;
import io.bincard.application.history.History;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Live stock under churn: of three nodes one is killed and then one stopped in good order, the
 * leader and others in turn, while many clients follow what is sold; one in a hundred reads slowly,
 * and all the while some break off or are replaced.
 */
public final class PushFault implements Fault {

  private static final int NODES = 3;
  private static final int SHOPPERS = 8;
  private static final int CLIENTS = Integer.getInteger("clients", 1_500);

  /** Within it a client is back at another node, and in the end everybody is level. */
  private static final Duration BACK = Duration.ofSeconds(30);

  /** Between two strikes clients come back, and more come. */
  private static final int ANSWERS_BETWEEN = 300;

  /** What the shoppers sell and hold, what they register on the way, and what there never is. */
  private static final List<String> SKUS =
      Stream.of(
              IntStream.range(0, 8).mapToObj(i -> "ITEM-" + i),
              IntStream.range(0, 4).mapToObj(i -> "HELD-" + i),
              IntStream.range(1, 4).mapToObj(i -> "PROBE-" + i),
              Stream.of("NEVER"))
          .flatMap(skus -> skus)
          .toList();

  /**
   * All clients have one address and a machine has few cores, so there are more of one address than
   * usual and fewer flushes. Who is silent is asked soon.
   */
  private static final String[] SETTINGS = {
    "--bincard.push.max-streams-per-client=" + 2 * CLIENTS,
    "--bincard.push.flush-interval=250ms",
    "--bincard.push.heartbeat=3s",
    "--bincard.push.slow-after=1s",
    "--bincard.push.stalled-after=2s",
    "--bincard.push.cut-after=4s"
  };

  @Override
  public String name() {
    return "PUSH";
  }

  @Override
  public String what() {
    return "live stock: %,d clients, 1 %% of them slow, of three nodes one killed (-9), one stopped, the leader among them"
        .formatted(CLIENTS);
  }

  @Override
  public int shortRounds() {
    return 0;
  }

  @Override
  public int longRounds() {
    return 10;
  }

  @Override
  public FaultReport run(FaultRun run) throws Exception {
    Random random = new Random(run.seed());
    long claims = 0;
    try (History history = run.newHistory();
        Nodes nodes = new Nodes(run, history)) {
      nodes.start(NODES, SETTINGS);
      Books books = new Books(nodes.sql());
      try (Shoppers shoppers = new Shoppers(SHOPPERS, run.seed(), nodes::any, history);
          Audience audience =
              new Audience(CLIENTS, SKUS, nodes::any, run.seed(), what -> run.violated(what))) {
        await("the clients are there")
            .atMost(BACK)
            .until(() -> audience.whole() > CLIENTS * 9 / 10);
        for (int round = 1; round <= run.rounds(); round++) {
          String remark = "";
          for (boolean isKill : new boolean[] {true, false}) {
            shoppers.awaitMore(ANSWERS_BETWEEN + random.nextInt(ANSWERS_BETWEEN));
            ChildProcess leader = nodes.leader();
            List<ChildProcess> others = nodes.othersThan(leader);
            boolean isLeader = isKill == (round % 2 == 1);
            ChildProcess victim = isLeader ? leader : others.getFirst(); // who has most clients
            remark += strike(run, nodes, audience, books, victim, isKill);
            nodes.start(1, SETTINGS);
          }
          claims += audience.check(books);
          long unused = shoppers.probe(System.nanoTime());
          run.done(round, remark.strip());
        }
        shoppers.awaitEnough(least(run.rounds()));
        shoppers.finish();
        audience.quiet();
        requireLevel(run, nodes, audience);
        claims += audience.check(books);
        Map<String, Long> counts = audience.counts();
        if (claims < CLIENTS || !counts.containsKey(Audience.SENT_ON)) {
          run.violated("too little happened: %d positions told, %s".formatted(claims, counts));
        }
        if (counts.containsKey(Audience.NOT_SENT_ON)) {
          run.violated("clients of a node that was stopped were not sent on: " + counts);
        }
        return run.report(
            history.extent(),
            nodes.faults(),
            "level again after a kill: %s; after a stop: %s; %d positions held against the journal; %s"
                .formatted(
                    Millis.ofMany(audience.killed()),
                    Millis.ofMany(audience.stopped()),
                    claims,
                    counts));
      }
    }
  }

  private static String strike(
      FaultRun run,
      Nodes nodes,
      Audience audience,
      Books books,
      ChildProcess victim,
      boolean isKill)
      throws Exception {
    long moved = audience.strike(URI.create(victim.http()), isKill);
    victim.signal(isKill ? "KILL" : "TERM");
    books.readOn();
    audience.expect(SKUS.stream().collect(Collectors.toMap(sku -> sku, books::version)));
    long began = System.nanoTime();
    nodes.ended(victim);
    try {
      await("all are back").atMost(BACK).until(() -> audience.awaited() == 0);
    } catch (ConditionTimeoutException e) {
      run.violated("%d clients are not level within %s".formatted(audience.awaited(), BACK));
    }
    return " %s: %d clients, %d ms".formatted(isKill ? "KILL" : "TERM", moved, Millis.since(began));
  }

  /** In the end each client knows of each of its items what the ledger answers. */
  private static void requireLevel(FaultRun run, Nodes nodes, Audience audience) throws Exception {
    if (!nodes.endedSoon()) {
      run.violated("I11 holds do not end: " + nodes.standing());
    }
    long head = nodes.sql().sql("select position from ledger_head").query(Long.class).single();
    Map<String, Told> ledger = new HashMap<>();
    for (String sku : SKUS) {
      String answer = nodes.get(nodes.leader(), "/v1/stock/" + sku + "?minPosition=" + head);
      if (answer.contains("\"onHand\"")) {
        ledger.put(sku, Told.of(answer));
      }
    }
    try {
      await("all are level").atMost(BACK).until(() -> audience.behind(ledger).isEmpty());
    } catch (ConditionTimeoutException e) {
      audience
          .behind(ledger)
          .forEach(
              client -> run.violated("not level with " + new TreeMap<>(ledger) + ": " + client));
    }
  }
}
