package io.bincard.application.faults;

import io.bincard.application.faults.Sender.Answer;
import io.bincard.application.history.Command;
import io.bincard.application.history.History;
import io.bincard.application.history.History.Extent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * F11: orders of two items, one of which runs out first, in either order of their lines and in each
 * of the three ways that there are: as an order, as a hold that is confirmed, as an atomic batch.
 *
 * @param isKilled whether the leader is, twice a round
 */
public record OrderFault(boolean isKilled) implements Fault {

  private static final int CLIENTS = 16;
  private static final int ORDERS = 1_000;
  private static final int REPLAYS = 25;
  private static final long PLENTY = 700;
  private static final long SCARCE = 500;
  private static final int KILLS = 2;
  private static final long TTL_SECONDS = 3_600;

  @Override
  public String name() {
    return isKilled ? "F11-kill" : "F11";
  }

  @Override
  public String what() {
    return "orders, holds and atomic batches take A+B and B+A at once on two nodes: both lines or none"
        + (isKilled ? "; the leader is killed (-9) twice on the way" : "");
  }

  @Override
  public int shortRounds() {
    return 0;
  }

  @Override
  public int longRounds() {
    return 10;
  }

  /** One round may be enough. */
  @Override
  public Extent least(int rounds) {
    return new Extent(700, 50, 20);
  }

  @Override
  public FaultReport run(FaultRun run) throws Exception {
    Random random = new Random(run.seed());
    Map<String, Integer> all = new TreeMap<>();
    try (History history = run.newHistory();
        Nodes nodes = new Nodes(run, history);
        Sender sender = new Sender(history);
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
      nodes.start(2);
      for (int round = 1; round <= run.rounds(); round++) {
        int of = round;
        sender.tell(nodes::any, Command.register("A" + of, "A-" + of, PLENTY));
        sender.tell(nodes::any, Command.register("B" + of, "B-" + of, SCARCE));
        List<Future<String>> orders = new ArrayList<>();
        long before = history.answers();
        for (int i = 0; i < ORDERS; i++) {
          int number = i;
          orders.add(clients.submit(() -> take(sender, nodes, of, number)));
        }
        for (int kill = 0; isKilled && kill < KILLS; kill++) {
          nodes.killLeader(history, before + 50 + kill * ORDERS / 2 + random.nextInt(ORDERS / 4));
        }
        Map<String, Integer> answers = new TreeMap<>();
        for (Future<String> order : orders) {
          answers.merge(order.get(), 1, Integer::sum);
        }
        answers.forEach((answer, count) -> all.merge(answer, count, Integer::sum));
        int taken = answers.values().stream().mapToInt(count -> count).sum() - none(answers);
        if (taken != SCARCE) {
          run.violated("I2 of %d units %d orders: %s".formatted(SCARCE, taken, answers));
        }
        for (int i = 0; i < REPLAYS; i++) {
          take(sender, nodes, of, random.nextInt(ORDERS));
        }
        run.done(round, answers.toString());
      }
      return run.report(
          history.extent(), nodes.faults(), "orders: %s; %s".formatted(all, nodes.standing()));
    }
  }

  private static int none(Map<String, Integer> answers) {
    return answers.entrySet().stream()
        .filter(answer -> answer.getKey().endsWith("none"))
        .mapToInt(Map.Entry::getValue)
        .sum();
  }

  /** One unit of each, every other order the other way round; says how, and whether it was. */
  private static String take(Sender sender, Nodes nodes, int round, int i) {
    String order = "o-" + round + "-" + i;
    List<String> skus =
        i % 2 == 0 ? List.of("A-" + round, "B-" + round) : List.of("B-" + round, "A-" + round);
    return switch (i / 2 % 3) {
      case 0 ->
          "order: "
              + (sender.tell(nodes::any, Command.deductOrder(order, order, lines(skus)))
                      == Answer.DONE
                  ? "both"
                  : "none");
      case 1 -> {
        String hold =
            sender
                .place(
                    nodes::any,
                    Command.placeHold(order, order, TTL_SECONDS, "\"lines\":[" + lines(skus) + "]"))
                .path("id")
                .asString("");
        boolean isSold =
            !hold.isEmpty()
                && sender.tell(nodes::any, Command.ofHold(order + "-c", "confirm-hold", hold, ""))
                    == Answer.DONE;
        yield "hold: " + (isSold ? "both" : hold.isEmpty() ? "none" : "not confirmed");
      }
      default -> {
        List<Command> batch =
            skus.stream()
                .map(sku -> Command.deduct(order + "-" + sku.charAt(0), sku, 1, order))
                .toList();
        List<String> answers = sender.sendAtomic(nodes.any(), batch);
        while (answers.isEmpty()) {
          Sender.pause();
          answers = sender.sendAtomic(nodes.any(), batch);
        }
        List<String> sorted = answers.stream().sorted().toList();
        yield "batch: "
            + (sorted.equals(List.of("done", "done"))
                ? "both"
                : sorted.equals(List.of("rejected", "skipped"))
                    ? "none"
                    : String.join("+", sorted));
      }
    };
  }

  private static String lines(List<String> skus) {
    return skus.stream()
        .map("{\"sku\":\"%s\",\"quantity\":1}"::formatted)
        .reduce((a, b) -> a + "," + b)
        .orElseThrow();
  }
}
