package io.bincard.application.writer;

import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.application.writer.CommandQueue.Waiting;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class AnswerDeskTest {

  private final AnswerDesk desk =
      new AnswerDesk(new CommandQueue(10), new WriterMetrics(new SimpleMeterRegistry()));

  @Test
  void who_fails_while_it_is_told_stands_in_nobodys_way() throws Exception {
    CompletableFuture<List<Answer>> told = new CompletableFuture<>();
    List<Answer> answers = List.of(new Answer.Skipped());
    desk.start();
    desk.tell(
        () -> {
          throw new IllegalStateException("a reader's bug");
        });
    desk.tell(
        () -> {
          throw new AssertionError("a worse one");
        });
    desk.tell(
        List.of(
            sender(
                _ -> {
                  throw new IllegalStateException("a sender's bug");
                }),
            sender(told::complete)),
        List.of(answers, answers));

    assertThat(told.get(30, TimeUnit.SECONDS)).isEqualTo(answers);
    desk.stop();
  }

  private static Waiting sender(Consumer<List<Answer>> answer) {
    return new Waiting(new CommandGroup(List.of(), OnError.CONTINUE), true, false, null, answer);
  }
}
