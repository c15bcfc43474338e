package io.bincard.application.writer;

import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of a node one of whose threads has died that everybody waits for: it ends at once,
 * as if killed, and whoever runs it starts it again. A node that lives on without its writer would
 * hold the ledger and answer nobody; what made the thread die, such as a class that could not be
 * loaded for want of a file descriptor, is often there to stay in a JVM.
 */
final class LastResort implements Thread.UncaughtExceptionHandler {

  /** The status of {@code -XX:+ExitOnOutOfMemoryError}: start it again. */
  static final int STATUS = 3;

  /** Ends the process. Made early, for there may be no file descriptor to load it later. */
  static final LastResort HALT = new LastResort(Runtime.getRuntime()::halt);

  private static final Logger logger = LoggerFactory.getLogger(LastResort.class);

  private final IntConsumer end;

  LastResort(IntConsumer end) {
    this.end = end;
  }

  @Override
  public void uncaughtException(Thread thread, Throwable cause) {
    try {
      logger
          .atError()
          .setCause(cause)
          .addKeyValue("thread", thread.getName())
          .log("A thread has died that the ledger cannot do without; the process ends");
    } finally {
      end.accept(STATUS);
    }
  }
}
