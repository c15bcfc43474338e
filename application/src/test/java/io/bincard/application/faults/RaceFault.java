package io.bincard.application.faults;

import io.bincard.application.faults.Sender.Answer;
import io.bincard.application.history.Command;
import io.bincard.application.history.History;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/**
 * F10: many want what is there once: units by deductions, then units and a campaign by holds, of
 * which some are confirmed, some released, and some forgotten. Nothing breaks, or the leader is
 * killed on the way.
 *
 * @param isKilled whether the leader is, twice a round
 */
public record RaceFault(boolean isKilled) implements Fault {

  private static final int UNITS = 1_000;
  private static final int CLIENTS = 64;
  private static final int ATTEMPTS = 5_000;
  private static final int REPLAYS = 25;

  /** Orders that a campaign pays a pound for, by uses in odd rounds and by money in even ones. */
  private static final int PAID = 500;

  private static final long LONG_SECONDS = 3_600;

  @Override
  public String name() {
    return isKilled ? "F10-kill" : "F10";
  }

  @Override
  public String what() {
    return "1,000 units, 64 clients on two nodes, 5,000 attempts of 1: 1,000 succeed"
        + (isKilled ? ", the leader is killed (-9) twice on the way" : ", no 5xx")
        + "; as many holds, of which a campaign pays for 500";
  }

  @Override
  public int shortRounds() {
    return isKilled ? 0 : 1;
  }

  @Override
  public int longRounds() {
    return isKilled ? 10 : 20;
  }

  @Override
  public FaultReport run(FaultRun run) throws Exception {
    Random random = new Random(run.seed());
    Standing all = new Standing();
    try (History history = run.newHistory();
        Nodes nodes = new Nodes(run, history);
        Sender sender = new Sender(history);
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
      nodes.start(2);
      Race race = new Race(run, nodes, sender, history, clients, random);
      sender.tell(nodes::any, Shoppers.activation("policy", policy(run.rounds())));
      for (int round = 1; round <= run.rounds(); round++) {
        race.deductions(round);
        run.done(round, race.holds(round, all).toString());
      }
      if (!isKilled && sender.busy() > 0) {
        run.violated("%d answers were 503".formatted(sender.busy()));
      }
      return run.report(
          history.extent(), nodes.faults(), "holds: %s; %s".formatted(all, nodes.standing()));
    }
  }

  private static String policy(int rounds) {
    StringBuilder policy = new StringBuilder("currency = \"GBP\"\n");
    for (int round = 1; round <= rounds; round++) {
      policy.append(
          """
          [[campaign]]
          id = "c-%d"
          %s
          [[rule]]
          id = "r-%d"
          amount-off = "1.00 GBP"
          campaign = "c-%d"
          on = { skus = ["HELD-%d"] }
          """
              .formatted(
                  round,
                  round % 2 == 1 ? "uses = " + PAID : "budget = \"%d.00 GBP\"".formatted(PAID),
                  round,
                  round,
                  round));
    }
    return policy.toString();
  }

  /** What became of holds, and of those that the campaign was to pay for. */
  private static final class Standing {
    private int confirmed;
    private int confirmedPaid;
    private int released;
    private int releasedPaid;
    private int expired;

    void add(Standing more) {
      confirmed += more.confirmed;
      confirmedPaid += more.confirmedPaid;
      released += more.released;
      releasedPaid += more.releasedPaid;
      expired += more.expired;
    }

    @Override
    public String toString() {
      return "%d confirmed, %d of them paid for; %d released; %d expired"
          .formatted(confirmed, confirmedPaid, released, expired);
    }
  }

  private final class Race {
    private final FaultRun run;
    private final Nodes nodes;
    private final Sender sender;
    private final History history;
    private final ExecutorService clients;
    private final Random random;

    Race(
        FaultRun run,
        Nodes nodes,
        Sender sender,
        History history,
        ExecutorService clients,
        Random random) {
      this.run = run;
      this.nodes = nodes;
      this.sender = sender;
      this.history = history;
      this.clients = clients;
      this.random = random;
    }

    void deductions(int round) throws Exception {
      String sku = "RACE-" + round;
      sender.tell(nodes::any, Command.register("register-" + round, sku, UNITS));
      Map<Answer, Integer> answers = new EnumMap<>(Answer.class);
      all(ATTEMPTS, i -> sender.tell(nodes::any, attempt(sku, i)))
          .forEach(answer -> answers.merge(answer, 1, Integer::sum));
      if (!answers.equals(Map.of(Answer.DONE, UNITS, Answer.REFUSED, ATTEMPTS - UNITS))) {
        run.violated(
            "I3 %s: of %d units and %d attempts %s".formatted(sku, UNITS, ATTEMPTS, answers));
      }
      for (int i = 0; i < REPLAYS; i++) {
        sender.tell(nodes::any, attempt(sku, random.nextInt(ATTEMPTS)));
      }
    }

    /** Calls {@code task} by all clients, and kills the leader meanwhile if it is to be. */
    private <T> List<T> all(int times, IntFunction<T> task) throws Exception {
      long before = history.answers();
      List<Callable<T>> tasks =
          IntStream.range(0, times).<Callable<T>>mapToObj(i -> () -> task.apply(i)).toList();
      List<Future<T>> futures = tasks.stream().map(clients::submit).toList();
      if (isKilled && times == ATTEMPTS) {
        nodes.killLeader(history, before + 100 + random.nextInt(times / 2));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> future : futures) {
        results.add(future.get());
      }
      return results;
    }

    private List<JsonNode> place(int round, String wave, int times, long ttlSeconds)
        throws Exception {
      return all(
              times,
              i -> {
                String key = "h-%d-%s-%d".formatted(round, wave, i);
                return sender.place(nodes::any, hold(key, "HELD-" + round, ttlSeconds));
              })
          .stream()
          .filter(JsonNode::isObject)
          .toList();
    }

    Standing holds(int round, Standing all) throws Exception {
      String sku = "HELD-" + round;
      sender.tell(nodes::any, Command.register("register-held-" + round, sku, UNITS));
      List<JsonNode> placed = place(round, "first", ATTEMPTS, LONG_SECONDS);
      long paid = placed.stream().filter(RaceFault::isPaid).count();
      if (placed.size() != UNITS || paid != PAID) {
        run.violated("I3 %s: %d holds, %d paid for".formatted(sku, placed.size(), paid));
      }
      Standing standing = new Standing();
      List<Integer> draws = placed.stream().map(_ -> random.nextInt(3)).toList();
      end(round, placed, draws, standing);
      int given = standing.released;
      int givenPaid = standing.releasedPaid;
      List<JsonNode> again = place(round, "again", given, 1);
      if (again.size() != given || again.stream().filter(RaceFault::isPaid).count() < givenPaid) {
        run.violated(
            "I3 %s: of %d units that were given back %d are held again"
                .formatted(sku, given, again.size()));
      }
      standing.expired += again.size();
      if (!nodes.endedSoon()) {
        run.violated("I11 round %d: holds do not end: %s".formatted(round, nodes.standing()));
      }
      end(round, placed, draws.stream().map(draw -> draw - 2).toList(), standing);
      requireBooks(round, standing);
      all.add(standing);
      return standing;
    }

    /** Confirms those whose draw is 0 and releases those whose draw is 1. */
    private void end(int round, List<JsonNode> placed, List<Integer> draws, Standing standing)
        throws Exception {
      List<Answer> answers =
          all(
              placed.size(),
              i -> {
                String id = placed.get(i).path("id").asString();
                return switch (draws.get(i)) {
                  case 0 ->
                      sender.tell(nodes::any, Command.ofHold("c-" + id, "confirm-hold", id, ""));
                  case 1 ->
                      sender.tell(nodes::any, Command.ofHold("r-" + id, "release-hold", id, ""));
                  default -> Answer.DONE;
                };
              });
      for (int i = 0; i < placed.size(); i++) {
        int isPaid = isPaid(placed.get(i)) ? 1 : 0;
        if (answers.get(i) != Answer.DONE) {
          run.violated("I1 %s was not ended in round %d".formatted(placed.get(i), round));
        } else if (draws.get(i) == 0) {
          standing.confirmed++;
          standing.confirmedPaid += isPaid;
        } else if (draws.get(i) == 1) {
          standing.released++;
          standing.releasedPaid += isPaid;
        }
      }
    }

    /** What the journal says of the item and the campaign is what the clients were told. */
    private void requireBooks(int round, Standing standing) {
      Map<String, Long> books =
          nodes
              .sql()
              .sql(
                  """
                  select
                    coalesce(sum((payload ->> 'quantity')::int) filter (where type = 'reservation-confirmed'), 0) as sold,
                    coalesce(sum((payload ->> 'quantity')::int * case type when 'stock-reserved' then 1 else -1 end)
                      filter (where stream like 'stock:%' and (type like 'reservation-%' or type = 'stock-reserved')), 0) as held,
                    count(*) filter (where type = 'budget-spent') as paid,
                    count(*) filter (where type = 'budget-reserved')
                      - count(*) filter (where type in ('budget-spent', 'budget-released')) as promised
                  from event_journal where stream in (:item, :account)
                  """)
              .param("item", "stock:HELD-%d@MAIN".formatted(round))
              .param("account", "campaign:c-" + round)
              .query(
                  (row, _) ->
                      Map.of(
                          "sold",
                          row.getLong("sold"),
                          "held",
                          row.getLong("held"),
                          "paid",
                          row.getLong("paid"),
                          "promised",
                          row.getLong("promised")))
              .single();
      Map<String, Long> expected =
          Map.of(
              "sold",
              (long) standing.confirmed,
              "held",
              0L,
              "paid",
              (long) standing.confirmedPaid,
              "promised",
              0L);
      if (!books.equals(expected)) {
        run.violated("I3 round %d: %s and not %s".formatted(round, books, expected));
      }
    }
  }

  private static boolean isPaid(JsonNode hold) {
    return !hold.at("/price/rules").isEmpty();
  }

  private static Command hold(String key, String sku, long ttlSeconds) {
    return Command.placeHold(
        key,
        key,
        ttlSeconds,
        "\"onExhausted\":\"skip\",\"lines\":[{\"sku\":\"%s\",\"quantity\":1,\"unitPrice\":{\"amount\":500,\"currency\":\"GBP\"}}]"
            .formatted(sku));
  }

  private static Command attempt(String sku, int i) {
    return Command.deduct(sku + "-" + i, sku, 1, "o-" + i);
  }
}
