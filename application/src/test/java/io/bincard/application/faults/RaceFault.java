package io.bincard.application.faults;

import io.bincard.application.faults.Sender.Answer;
import io.bincard.application.history.Command;
import io.bincard.application.history.History;
import java.net.URI;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/** F10: nothing breaks; many want what is there once. */
public final class RaceFault implements Fault {

  private static final int UNITS = 1_000;
  private static final int CLIENTS = 64;
  private static final int ATTEMPTS = 5_000;
  private static final int REPLAYS = 25;

  @Override
  public String name() {
    return "F10";
  }

  @Override
  public String what() {
    return "1,000 units, 64 clients on two nodes, 5,000 attempts of 1: 1,000 succeed, no 5xx";
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
    try (History history = run.newHistory();
        Nodes nodes = new Nodes(run, history);
        Sender sender = new Sender(history);
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
      List<URI> servers = nodes.start(2).stream().map(node -> URI.create(node.http())).toList();
      for (int round = 1; round <= run.rounds(); round++) {
        String sku = "RACE-" + round;
        sender.send(servers.getFirst(), Command.register("register-" + round, sku, UNITS));
        List<Callable<Answer>> attempts =
            IntStream.range(0, ATTEMPTS)
                .<Callable<Answer>>mapToObj(
                    i -> () -> answerTo(sender, servers.get(i % 2), attempt(sku, i)))
                .toList();
        Map<Answer, Integer> answers = new EnumMap<>(Answer.class);
        for (Future<Answer> attempt : clients.invokeAll(attempts)) {
          answers.merge(attempt.get(), 1, Integer::sum);
        }
        if (!answers.equals(Map.of(Answer.DONE, UNITS, Answer.REFUSED, ATTEMPTS - UNITS))) {
          run.violated(
              "I3 %s: of %d units and %d attempts %s".formatted(sku, UNITS, ATTEMPTS, answers));
        }
        for (int i = 0; i < REPLAYS; i++) {
          sender.send(servers.get(i % 2), attempt(sku, random.nextInt(ATTEMPTS)));
        }
        run.done(round, answers.toString());
      }
      return run.report(history.extent(), nodes.faults(), "");
    }
  }

  /** An answer that did not come in the client's time is asked for again. */
  private static Answer answerTo(Sender sender, URI server, Command command) {
    Answer answer = sender.send(server, command);
    while (answer == Answer.UNKNOWN) {
      Sender.pause();
      answer = sender.send(server, command);
    }
    return answer;
  }

  private static Command attempt(String sku, int i) {
    return Command.deduct(sku + "-" + i, sku, 1, "o-" + i);
  }
}
