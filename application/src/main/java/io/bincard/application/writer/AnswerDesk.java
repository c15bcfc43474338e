package io.bincard.application.writer;

import io.bincard.application.writer.CommandQueue.Waiting;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells senders what became of their commands, in the order of the commits, on a thread of its own:
 * neither the next batch nor the next commit waits until the last sender has heard.
 */
final class AnswerDesk {

  private static final Logger logger = LoggerFactory.getLogger(AnswerDesk.class);

  private final CommandQueue queue;
  private final WriterMetrics metrics;
  private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
  private @Nullable Thread thread;

  /** Known to the thread alone. */
  private boolean over;

  AnswerDesk(CommandQueue queue, WriterMetrics metrics) {
    this.queue = queue;
    this.metrics = metrics;
  }

  void start() {
    thread =
        Thread.ofPlatform()
            .name("ledger-answers")
            .uncaughtExceptionHandler(LastResort.HALT)
            .start(this::work);
  }

  /** Ends when everything was told. */
  void stop() throws InterruptedException {
    Thread running = thread;
    if (running != null) {
      tasks.add(() -> over = true);
      running.join();
    }
  }

  /** Does {@code telling} when everything before is told. */
  void tell(Runnable telling) {
    tasks.add(telling);
  }

  void tell(List<Waiting> senders, List<List<Answer>> answers) {
    tell(() -> answer(senders, answers));
  }

  private void work() {
    try {
      over = false;
      while (!over) {
        run(tasks.take());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Who fails while it is told stands in nobody's way: the next commits wait to be told. */
  private static void run(Runnable telling) {
    try {
      telling.run();
    } catch (RuntimeException | Error e) {
      logger.atError().setCause(e).log("Somebody failed while a commit was told");
    }
  }

  /** Waits until everything is told that there is to tell now. */
  void await() {
    CountDownLatch told = new CountDownLatch(1);
    tasks.add(told::countDown);
    try {
      told.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void answer(List<Waiting> senders, List<List<Answer>> answers) {
    metrics.answered(answers);
    for (int i = 0; i < senders.size(); i++) {
      Waiting sender = senders.get(i);
      queue.giveRoomBack(sender.lines());
      try {
        sender.answer().accept(answers.get(i));
      } catch (RuntimeException | Error e) {
        logger.atError().setCause(e).log("A sender failed while it was answered");
      }
    }
  }
}
