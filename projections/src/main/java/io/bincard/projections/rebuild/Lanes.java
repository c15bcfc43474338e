package io.bincard.projections.rebuild;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** A few threads that talk to Redis at the same time, each by a connection of its own. */
final class Lanes implements AutoCloseable {

  private final ExecutorService threads;

  Lanes(int connections) {
    threads =
        Executors.newFixedThreadPool(
            connections, Thread.ofPlatform().daemon().name("bincard-rebuild-redis-", 1).factory());
  }

  <T> CompletableFuture<T> run(Supplier<T> work) {
    return CompletableFuture.supplyAsync(work, threads);
  }

  /** What comes of {@code work}, or what it failed with. */
  static <T> T joined(CompletableFuture<T> work) {
    try {
      return work.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    threads.close();
  }
}
